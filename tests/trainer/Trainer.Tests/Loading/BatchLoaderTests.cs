using IntraDA.Data.Manifests;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Loading;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Loading;

public sealed class BatchLoaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_a_function_of_seed_and_iteration()
    {
        var settings = new BatchSettings(3, BatchSize: 2, Flip: true, Photometric: true);
        var (loader, again) = (Loader(settings), Loader(settings));
        var batches = new List<byte[]>();
        for (var i = 0; i < 6; i++)
        {
            batches.Add(Bytes(await BatchAsync(loader, i)));
        }

        foreach (var i in new[] { 5, 0, 3 })
        {
            Assert.Equal(batches[i], Bytes(await BatchAsync(again, i)));
        }

        Assert.NotEqual(batches[0], Bytes(await BatchAsync(Loader(settings with { Seed = 4 }), 0)));
        Assert.Equal(6, batches.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Batches_hold_the_images_of_the_order_one_after_the_other()
    {
        var loader = Loader(new BatchSettings(3, BatchSize: 3, Flip: false, Photometric: false));
        var order = new DataOrder(3, "source", 5);
        for (var i = 0; i < 4; i++)
        {
            var batch = await BatchAsync(loader, i);
            using var blue = (batch.Images.select(1, 0).select(1, 0).select(1, 3) + 104.00698793f).round();
            Assert.Equal(Enumerable.Range(3 * i, 3).Select(p => 10f * order[p]), blue.data<float>().ToArray());
            Bytes(batch);
        }
    }

    [Fact]
    public async Task A_mirrored_image_has_mirrored_labels_and_about_half_are_mirrored()
    {
        var loader = Loader(new BatchSettings(3, BatchSize: 1, Flip: true, Photometric: false));
        var mirrored = 0;
        for (var i = 0; i < 60; i++)
        {
            var batch = await BatchAsync(loader, i);
            using (NewDisposeScope())
            {
                var imageEdge = batch.Images[0, 0, 0, 0].item<float>() > 100 ? 0 : 7;
                var labelEdge = batch.Labels[0, 0, 0].item<long>() == 1 ? 0 : 7;
                Assert.Equal(imageEdge, labelEdge);
                mirrored += imageEdge == 7 ? 1 : 0;
            }

            Bytes(batch);
        }

        Assert.InRange(mirrored, 15, 45);
    }

    [Fact]
    public async Task Images_without_labels_get_labels_that_are_all_ignored()
    {
        var loader = new BatchLoader(new MemorySamples(3, labelled: false), new BatchSettings(1, 1, false, false), TensorPlacement.Cpu);
        var batch = await BatchAsync(loader, 0);
        using (var ignored = batch.Labels.eq(ClassList.Ignore).all())
        {
            Assert.True(ignored.item<bool>());
        }

        Assert.Equal([1, 6, 8], batch.Labels.shape);
        Bytes(batch);
    }

    [Fact]
    public async Task A_batch_leaves_nothing_behind_but_its_two_tensors()
    {
        var loader = Loader(new BatchSettings(3, BatchSize: 2, Flip: true, Photometric: true));
        Bytes(await BatchAsync(loader, 0));
        var before = Tensor.TotalCount;
        var batch = await BatchAsync(loader, 1);
        Assert.Equal(before + 2, Tensor.TotalCount);
        Bytes(batch);
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static BatchLoader Loader(BatchSettings settings) => new(new MemorySamples(5), settings, TensorPlacement.Cpu);

    private static async Task<LabelledBatch> BatchAsync(BatchLoader loader, long iteration) =>
        loader.Assemble(await loader.LoadAsync(iteration, Token), weight: 1);

    private static byte[] Bytes(LabelledBatch batch)
    {
        using var scope = NewDisposeScope();
        using var images = batch.Images;
        using var labels = batch.Labels;
        return [.. images.contiguous().bytes, .. labels.contiguous().bytes];
    }
}

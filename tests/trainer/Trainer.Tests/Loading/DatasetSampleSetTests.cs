using System.Runtime.CompilerServices;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Synthetic;
using IntraDA.Trainer.Loading;

namespace IntraDA.Trainer.Tests.Loading;

public sealed class DatasetSampleSetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Epochs_after_the_first_read_nothing_from_the_store()
    {
        using var world = await TinyWorld.CreateAsync();
        var manifest = await world.ReadAsync(world.Source);
        var cache = new FileCache(Path.Combine(world.Folder.FullName, "=cache"), 1 << 24, TimeProvider.System);
        var store = new CountingStore(world.Store);
        var samples = new DatasetSampleSet(
            "labelled", manifest, labelled: true, 32, 32, new DatasetFileReader(store, new ImageLimits(), cache), new SampleCache(0));
        var order = new DataOrder(3, "labelled", samples.Count);
        var first = await EpochAsync(samples, order, 0);
        Assert.Equal((2 * samples.Count, 0L), (store.Reads, cache.Hits));

        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var seen = await EpochAsync(samples, order, epoch);
            Assert.Equal(2 * samples.Count, store.Reads);
            Assert.Equal(2L * samples.Count * epoch, cache.Hits);
            Assert.All(seen, pair => Assert.Equal(first[pair.Key], pair.Value));
        }

        // So do those of the next process.
        var again = new FileCache(Path.Combine(world.Folder.FullName, "=cache"), 1 << 24, TimeProvider.System);
        var next = new DatasetSampleSet(
            "labelled", manifest, labelled: true, 32, 32, new DatasetFileReader(store, new ImageLimits(), again), new SampleCache(0));
        await EpochAsync(next, order, 0);
        Assert.Equal((2 * samples.Count, 0L), (store.Reads, again.Misses));
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_protocols_over_the_same_files_do_not_share_labels()
    {
        using var world = await TinyWorld.CreateAsync();
        var plain = await world.ReadAsync(world.Source);
        var reduced = plain with
        {
            Labels = new LabelEncoding { TrainIds = Enumerable.Range(0, 11).ToDictionary(id => id, id => id == 0 ? 1 : 0) },
            Classes = plain.Classes with { Names = [.. StreetClasses.Names.Take(2)], Palette = plain.Classes.Palette[..6] },
        };
        var renamed = plain with { Classes = plain.Classes with { Names = [.. plain.Classes.Names.Reverse()] } };
        var files = new DatasetFileReader(world.Store, new ImageLimits());
        var cache = new SampleCache(1 << 24);
        var one = await LoadAsync(plain, labelled: true);
        var two = await LoadAsync(reduced, labelled: true);
        Assert.Equal(one.TrainIds!.Select(id => id == 0 ? (byte)1 : id < 11 ? (byte)0 : id), two.TrainIds!);
        Assert.NotSame(one, await LoadAsync(renamed, labelled: true));
        Assert.Same(one, await LoadAsync(plain with { Name = "copy" }, labelled: true));

        // Without labels there is nothing to mistake.
        Assert.Same(await LoadAsync(plain, labelled: false), await LoadAsync(reduced, labelled: false));

        ValueTask<Sample> LoadAsync(DatasetManifest manifest, bool labelled) =>
            new DatasetSampleSet("a", manifest, labelled, 32, 32, files, cache).LoadAsync(0, Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_label_of_another_size_than_its_image_is_resized_once()
    {
        using var world = await TinyWorld.CreateAsync();
        var plain = await world.ReadAsync(world.Source);
        // By way of the image's size other pixels would be chosen.
        var map = new LabelMap(97, 61, [.. Enumerable.Range(0, 97 * 61).Select(i => (byte)(((i * 7) + (i / 97 * 3)) % 11))]);
        var stored = await world.Store.PutBytesAsync("labels/odd.png", LabelMapWriter.EncodePng(map), LabelMapWriter.MediaType, Token);
        var item = plain.Items[0] with
        {
            Label = new DatasetFile { Path = stored.Key, Sha256 = stored.Sha256, SizeBytes = stored.SizeBytes, InStore = true },
        };
        var manifest = plain with { Labels = new LabelEncoding { SizesMayDiffer = true }, Items = [item] };
        var files = new DatasetFileReader(world.Store, new ImageLimits());
        var image = await files.ReadImageAsync(manifest, item, Token);

        var sample = await new DatasetSampleSet("a", manifest, labelled: true, 40, 24, files, new SampleCache(0)).LoadAsync(0, Token);

        Assert.Equal(map.ResizeNearest(40, 24).TrainIds, sample.TrainIds!);
        Assert.NotEqual(map.ResizeNearest(image.Width, image.Height).ResizeNearest(40, 24).TrainIds, sample.TrainIds!);
        await Assert.ThrowsAsync<DatasetException>(async () => await new DatasetSampleSet(
            "a", manifest with { Labels = new LabelEncoding() }, labelled: true, 40, 24, files, new SampleCache(0)).LoadAsync(0, Token));
    }

    private static async Task<Dictionary<int, byte[]>> EpochAsync(DatasetSampleSet samples, DataOrder order, int epoch)
    {
        var seen = new Dictionary<int, byte[]>();
        for (var i = 0; i < samples.Count; i++)
        {
            var index = order[((long)epoch * samples.Count) + i];
            var sample = await samples.LoadAsync(index, Token);
            seen[index] = [.. sample.Rgb, .. sample.TrainIds!];
        }

        return seen;
    }

    private sealed class CountingStore(IArtifactStore inner) : IArtifactStore
    {
        private int _reads;

        public int Reads => _reads;

        public Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            return inner.CopyToAsync(artifact, destination, cancellationToken);
        }

        public Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken) =>
            inner.PutAsync(key, content, mediaType, cancellationToken);

        public Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken) =>
            inner.TryCreateAsync(key, content, mediaType, cancellationToken);

        public Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken) => inner.GetSizeAsync(key, cancellationToken);

        public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var key in inner.ListAsync(prefix, cancellationToken))
            {
                yield return key;
            }
        }

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

        public Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken) =>
            inner.CreateDownloadLinkAsync(artifact, lifetime, cancellationToken);
    }
}

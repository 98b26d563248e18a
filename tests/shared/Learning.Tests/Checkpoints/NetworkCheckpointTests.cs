using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Checkpoints;

public sealed class NetworkCheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intrada-test-");
    private readonly LocalArtifactStore _store;
    private readonly DisposeScopes _scope = new();

    public NetworkCheckpointTests() => _store = new LocalArtifactStore(_folder.FullName, TimeProvider.System);

    private static readonly Dictionary<string, string> NoMetadata = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_network_comes_back_with_its_weights_and_its_description()
    {
        using var network = Samples.Compact(5);
        var description = Samples.Description(5);
        var artifact = await NetworkCheckpoint.SaveAsync(_store, "w.safetensors", network, description, Token);
        var (loaded, read) = await NetworkCheckpoint.LoadAsync(_store, artifact, TensorPlacement.Cpu, Token);
        using (loaded)
        {
            AssertEqual(network, loaded);
            Assert.Equal(description.Classes.Names, read.Classes.Names);
            Assert.Equal(description.Classes.Palette, read.Classes.Palette);
            Assert.Equal(description.Classes.RareTrainIds, read.Classes.RareTrainIds);
            Assert.Equal((64, 32, Architectures.Compact), (read.InputWidth, read.InputHeight, read.Architecture));
        }
    }

    [Fact]
    public async Task Running_statistics_and_batch_counts_come_back_too()
    {
        using var network = Published(5);
        using var other = Published(5);
        foreach (var count in network.Tensors.Where(t => t.Kind == ParameterKind.BatchCount))
        {
            count.Value.fill_(7);
        }

        var artifact = await NetworkCheckpoint.SaveAsync(_store, "w.safetensors", network, Samples.Description(5), Token);
        await NetworkCheckpoint.LoadInitialAsync(_store, artifact, other, Token);
        AssertEqual(network, other);
    }

    [Fact]
    public async Task Everything_that_does_not_fit_is_named_at_once()
    {
        using var network = Samples.Compact(5);
        var artifact = await SaveAsync(
            network.Tensors.Where(t => t.Name != "conv1.weight" && t.Name != "layer6.conv2d_list.3.bias").Select(t => t.Name == "norm1.bias"
                ? ("norm1.bias", zeros(31))
                : (t.Name, t.Value)).Append(("extra.weight", zeros(2))),
            Samples.Description(5).ToMetadata());
        var error = await Assert.ThrowsAsync<CheckpointException>(() => NetworkCheckpoint.LoadAsync(_store, artifact, TensorPlacement.Cpu, Token));
        Assert.Contains("missing conv1.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("missing layer6.conv2d_list.3.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected extra.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("norm1.bias is [31] instead of [32]", error.Message, StringComparison.Ordinal);
        Assert.Contains("test.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_does_not_fit_leaves_the_network_as_it_is()
    {
        using var network = Samples.Compact(5, seed: 1);
        using var same = Samples.Compact(5, seed: 1);
        using var other = Samples.Compact(5, seed: 2);
        var artifact = await SaveAsync(other.Tensors.Skip(1).Select(t => (t.Name, t.Value)), NoMetadata);
        await Assert.ThrowsAsync<CheckpointException>(() => NetworkCheckpoint.LoadInitialAsync(_store, artifact, network, Token));
        AssertEqual(same, network);
    }

    [Fact]
    public async Task Initial_weights_without_heads_or_with_heads_of_other_classes_leave_the_heads()
    {
        using var imagenet = Samples.Compact(9, seed: 1);
        var whole = await SaveAsync(imagenet.Tensors.Select(t => (t.Name, t.Value)), NoMetadata);
        var headless = await SaveAsync(
            imagenet.Tensors.Where(t => !SegmentationNetwork.IsHead(t.Name)).Select(t => (t.Name, t.Value)), NoMetadata, "headless.safetensors");
        foreach (var weights in new[] { whole, headless })
        {
            using var network = Samples.Compact(5, seed: 2);
            using var before = Samples.Compact(5, seed: 2);
            await NetworkCheckpoint.LoadInitialAsync(_store, weights, network, Token);
            foreach (var (tensor, former) in network.Tensors.Zip(before.Tensors))
            {
                var expected = SegmentationNetwork.IsHead(tensor.Name) ? former : imagenet.Tensors.First(t => t.Name == tensor.Name);
                Assert.True(tensor.Value.SameAs(expected.Value), tensor.Name);
            }
        }
    }

    [Fact]
    public async Task A_classifier_that_fits_in_part_is_named_and_not_loaded_by_half()
    {
        using var network = Samples.Compact(5, seed: 1);
        using var same = Samples.Compact(5, seed: 1);
        using var other = Samples.Compact(5, seed: 2);
        var artifact = await SaveAsync(
            other.Tensors.Where(t => t.Name != "layer6.conv2d_list.3.bias").Select(t => t.Name == "layer6.conv2d_list.0.weight"
                ? (t.Name, zeros(9, 2))
                : (t.Name, t.Value)),
            NoMetadata);
        var error = await Assert.ThrowsAsync<CheckpointException>(() => NetworkCheckpoint.LoadInitialAsync(_store, artifact, network, Token));
        Assert.Contains("missing layer6.conv2d_list.3.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer6.conv2d_list.0.weight is [9, 2] instead of", error.Message, StringComparison.Ordinal);
        AssertEqual(same, network);
    }

    [Fact]
    public async Task A_batch_count_may_be_missing_but_must_be_a_number()
    {
        using var network = Published(5);
        var without = await SaveAsync(
            network.Tensors.Where(t => t.Kind != ParameterKind.BatchCount).Select(t => (t.Name, t.Value)), NoMetadata, "without.safetensors");
        await NetworkCheckpoint.LoadInitialAsync(_store, without, network, Token);

        var odd = await SaveAsync(
            network.Tensors.Select(t => t.Name == "bn1.num_batches_tracked" ? (t.Name, zeros(2, ScalarType.Int64)) : (t.Name, t.Value)), NoMetadata);
        var error = await Assert.ThrowsAsync<CheckpointException>(() => NetworkCheckpoint.LoadInitialAsync(_store, odd, network, Token));
        Assert.Contains("bn1.num_batches_tracked is [2] instead of []", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_architecture_is_named_with_the_known_ones()
    {
        var artifact = await SaveAsync([("a", zeros(1))], Samples.Description(5, architecture: "vgg").ToMetadata());
        var error = await Assert.ThrowsAsync<CheckpointException>(() => NetworkCheckpoint.LoadAsync(_store, artifact, TensorPlacement.Cpu, Token));
        Assert.Contains("vgg", error.Message, StringComparison.Ordinal);
        Assert.Contains(Architectures.ResNet101, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_other_origin_is_refused_with_the_way_to_import_it()
    {
        var artifact = await SaveAsync([("a", zeros(1))], NoMetadata);
        var error = await Assert.ThrowsAsync<CheckpointException>(() => NetworkCheckpoint.LoadAsync(_store, artifact, TensorPlacement.Cpu, Token));
        Assert.Contains("intrada import", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class_names", "[\"only one\"]")]
    [InlineData("class_names", "not json")]
    [InlineData("palette", "0102")]
    [InlineData("input_width", "0")]
    [InlineData("input_height", "1000000")]
    [InlineData("input_width", null)]
    public void Malformed_metadata_are_refused(string name, string? value)
    {
        var metadata = new Dictionary<string, string>(Samples.Description(5).ToMetadata());
        metadata.Remove(name);
        if (value is not null)
        {
            metadata[name] = value;
        }

        var error = Assert.Throws<CheckpointException>(() => NetworkDescription.FromMetadata(metadata, "f.safetensors"));
        Assert.Contains("f.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_element_type_scalars_and_empty_tensors_come_back()
    {
        ScalarType[] types =
        [
            ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64,
            ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64,
        ];
        var tensors = types.Select(t => (t.ToString(), tensor(new[] { 0f, 1f, 3f, 120f }, [2, 2]).to(t)))
            .Append(("scalar", tensor(7L)))
            .Append(("empty", zeros([0, 3])))
            .Append(("transposed", arange(6, ScalarType.Float32).reshape(2, 3).t()))
            .ToList();
        var artifact = await SaveAsync(tensors, NoMetadata);
        await using var stream = await _store.OpenReadAsync(artifact, Token);
        var reader = await SafetensorsReader.OpenAsync(stream, Token);
        foreach (var (name, expected) in tensors)
        {
            using var read = TensorBytes.Read(reader, reader.Find(name)!);
            Assert.Equal(expected.dtype, read.dtype);
            Assert.Equal(expected.shape, read.shape);
            Assert.True(expected.SameAs(read), name);
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    private static DeepLabV2 Published(int classes) => new("small", [1, 1, 1, 1], classes, TensorPlacement.Cpu);

    private static void AssertEqual(SegmentationNetwork expected, SegmentationNetwork actual) =>
        Assert.All(expected.Tensors.Zip(actual.Tensors), pair => Assert.True(pair.First.Value.SameAs(pair.Second.Value), pair.First.Name));

    private Task<Artifact> SaveAsync(
        IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata, string key = "test.safetensors")
    {
        var entries = tensors.Select(t => TensorBytes.ToEntry(t.Name, t.Value)).ToArray();
        return _store.PutWrittenAsync(
            key, SafetensorsReader.MediaType, (stream, token) => SafetensorsWriter.WriteAsync(stream, entries, metadata, token), Token);
    }
}

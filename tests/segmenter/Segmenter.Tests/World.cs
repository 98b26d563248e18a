using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;

namespace IntraDA.Segmenter.Tests;

/// <summary>A store in a folder of its own, networks in it, and images.</summary>
internal sealed class World : IDisposable
{
    public const int Classes = 5;
    public const int Width = 64;
    public const int Height = 32;

    public World() => Store = new LocalArtifactStore(Folder.FullName, TimeProvider.System);

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("intrada-segmenter-tests-");

    public LocalArtifactStore Store { get; }

    public static NetworkDescription Description { get; } = new(
        Architectures.Compact,
        new ClassList { Names = [.. Enumerable.Range(0, Classes).Select(c => $"class {c}")], Palette = new byte[3 * Classes] },
        Width,
        Height);

    public static SegmentationNetwork Network(ulong seed)
    {
        var network = Architectures.Build(Architectures.Compact, Classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, seed);
        return network;
    }

    public static RgbImage Image(int seed, int width = Width, int height = Height) => new(
        width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)((i * (7 + seed)) ^ (i >> 4)))]);

    public async Task<Artifact> CheckpointAsync(ulong seed)
    {
        using var network = Network(seed);
        return await NetworkCheckpoint.SaveAsync(
            Store, $"networks/{seed}.safetensors", network, Description, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Folder.Delete(recursive: true);
}

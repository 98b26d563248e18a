using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Manifests;
using IntraDA.Data.Synthetic;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;

namespace IntraDA.Durability.Tests.World;

/// <summary>A network of initial weights, for tests in which predictions are counted and not looked at.</summary>
internal static class SmallNetwork
{
    /// <summary>Stores it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="side">Width and height of its input, pixels.</param>
    public static async Task<Artifact> SaveAsync(IArtifactStore store, int side)
    {
        using var network = Architectures.Build(Architectures.Compact, StreetClasses.Names.Count, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, 1);
        var classes = new ClassList { Names = [.. StreetClasses.Names], Palette = StreetClasses.Palette.ToArray() };
        var description = new NetworkDescription(Architectures.Compact, classes, side, side);
        return await NetworkCheckpoint.SaveAsync(
            store, $"tests/network-{side}.safetensors", network, description, TestContext.Current.CancellationToken);
    }
}

using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Learning.Networks;

namespace IntraDA.Trainer.Jobs;

/// <summary>What this trainer says of itself.</summary>
/// <param name="release">Name, version, build and checkpoint format.</param>
public sealed class TrainerCapabilities(TrainerRelease release)
{
    private const int ReferenceClasses = 19;

    private readonly Lazy<IReadOnlyList<Architecture>> _architectures = new(() => [.. Learning.Networks.Architectures.Names.Select(Describe)]);

    /// <summary>Name, version and build.</summary>
    public ServiceInfo Self { get; } = release.Service;

    /// <summary>Identity of its checkpoints.</summary>
    public string CheckpointFormat { get; } = release.CheckpointFormat;

    /// <summary>Networks that can be trained; built once, to count their parameters.</summary>
    public IReadOnlyList<Architecture> Architectures => _architectures.Value;

    private static Architecture Describe(string name)
    {
        using var network = Learning.Networks.Architectures.Build(name, ReferenceClasses, TensorPlacement.Cpu);
        return new Architecture
        {
            Name = name,
            Parameters = network.Tensors.Where(t => t.Learned).Sum(t => t.Value.NumberOfElements),
            RunningStatistics = network.HasRunningStatistics,
        };
    }
}

using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Something to do, or to find done.</summary>
internal sealed record StageWork : StagePlan
{
    /// <summary>Hash of all that determines the result.</summary>
    public required string Key { get; init; }

    /// <summary>Who does it.</summary>
    public required ServiceInfo Service { get; init; }

    /// <summary>Who worked on it before, where it is in flight and was taken over.</summary>
    public IReadOnlyList<ServiceInfo> EarlierServices { get; init; } = [];

    /// <summary>Inputs by name.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>What a reader should know of the way in which it is done; usually nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Does it; returns outputs by name.</summary>
    public required Func<StageMonitor, CancellationToken, Task<IReadOnlyDictionary<string, Artifact>>> RunAsync { get; init; }
}

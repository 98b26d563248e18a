using System.Collections.Concurrent;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Tests.Ensemble;

/// <summary>What the small trainer does, and what it was asked for.</summary>
internal sealed class TrainerBehaviour
{
    /// <summary>Every job that really trained, in order; a repeated start of a finished job is none.</summary>
    public ConcurrentQueue<TrainingSpec> Trained { get; } = new();

    /// <summary>Ids of jobs that somebody cancelled.</summary>
    public ConcurrentQueue<string> Cancelled { get; } = new();

    /// <summary>Runs inside each job before its result.</summary>
    public Func<TrainingSpec, CancellationToken, Task> OnTrain { get; set; } = (_, _) => Task.CompletedTask;

    public string Version { get; set; } = "1.2.0";

    /// <summary>What its health says.</summary>
    public bool IsHealthy { get; set; } = true;

    public bool RunningStatistics { get; set; }
}

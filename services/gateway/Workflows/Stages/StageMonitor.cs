using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>How running work shows itself, and learns why it is stopped.</summary>
/// <param name="OnProgress">Shows how far it is.</param>
/// <param name="OnMetrics">Shows loss terms.</param>
/// <param name="OnService">Records who works on it now, where that is not who was planned.</param>
/// <param name="StoppedByUser">True: a user gave the work up. False: this gateway is ending and the work is to go on without it.</param>
internal sealed record StageMonitor(
    Action<Progress> OnProgress,
    Action<TrainingMetrics> OnMetrics,
    Func<ServiceInfo, CancellationToken, Task> OnService,
    Func<bool> StoppedByUser);

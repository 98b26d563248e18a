using System.ComponentModel.DataAnnotations;

namespace IntraDA.Gateway.Options;

/// <summary>How workflows are driven: configuration section "Workflows".</summary>
public sealed class WorkflowOptions
{
    /// <summary>Seconds for which a gateway owns a workflow without renewing; another one takes over after that.</summary>
    /// <value>Default 15; renewed three times as often.</value>
    [Range(1, 3600)]
    public double LeaseSeconds { get; set; } = 15;

    /// <summary>Seconds between looks for workflows whose gateway is gone.</summary>
    /// <value>Default 5.</value>
    [Range(0.05, 3600)]
    public double ScanSeconds { get; set; } = 5;

    /// <summary>Seconds for which a stage keeps trying while a service does not answer; progress starts the time anew.</summary>
    /// <value>Default 900.</value>
    [Range(0.1, 86_400)]
    public double ReconnectSeconds { get; set; } = 900;

    /// <summary>Seconds for which a stage waits while a service's queue is full.</summary>
    /// <value>Default 604,800, a week: jobs before it in a trainer's queue may take days.</value>
    [Range(0.1, 31_536_000)]
    public double QueueSeconds { get; set; } = 604_800;

    /// <summary>Seconds between looks at the trainers.</summary>
    /// <value>Default 5.</value>
    [Range(0.05, 3600)]
    public double TrainerPollSeconds { get; set; } = 5;

    /// <summary>Seconds after its start for which the gateway takes a configured trainer that it has never seen for one that may yet answer.</summary>
    /// <value>Default 60; after that a training whose trainer was replaced by an incompatible one is refused without waiting for it.</value>
    [Range(0, 3600)]
    public double TrainerGraceSeconds { get; set; } = 60;
}

using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>A stage of the workflow: decides from what came before it what there is to do.</summary>
internal interface IStage
{
    /// <summary>Which.</summary>
    StageKind Kind { get; }

    /// <summary>The work, or the reason why there is none.</summary>
    Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken);
}

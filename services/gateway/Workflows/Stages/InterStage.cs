using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Step one: from the source to the whole target.</summary>
internal sealed class InterStage(TrainingPlanner planner) : IStage
{
    public StageKind Kind => StageKind.Inter;

    public Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken) => planner.PlanAsync(
        context,
        Kind,
        context.Spec.InterOptions,
        context.Start,
        [context.LabelledSource],
        context.Record.Target.Manifest,
        note: "",
        cancellationToken);
}

using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Step one: from the source to the whole target.</summary>
internal sealed class InterStage(TrainingPlanner planner) : IStage
{
    public StageKind Kind => StageKind.Inter;

    public Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken) =>
        context.IsInterGiven
            ? Task.FromResult(StagePlan.Skip("The network of step one is given: it is the one in the initial weights."))
            : planner.PlanAsync(
                context,
                Kind,
                context.Spec.InterOptions,
                context.Start,
                [context.LabelledSource],
                context.Record.Target.Manifest,
                note: "",
                cancellationToken);
}

using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Supervised training on the source: what inter starts from, and the baseline "source only".</summary>
internal sealed class SourceStage(TrainingPlanner planner) : IStage
{
    public StageKind Kind => StageKind.Source;

    public Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken) =>
        context.Spec.SourceOptions.Iterations == 0
            ? Task.FromResult(StagePlan.Skip("The initial weights take the place of the source network."))
            : planner.PlanAsync(
                context,
                Kind,
                context.Spec.SourceOptions,
                context.Spec.InitialWeights,
                [context.LabelledSource],
                unlabelled: null,
                note: "",
                cancellationToken);
}

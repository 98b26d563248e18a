using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Workflows.Specs;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Control: what inter would be without the target. Same start, length and learning rates, source alone.</summary>
internal sealed class SourceContinuedStage(TrainingPlanner planner) : IStage
{
    public StageKind Kind => StageKind.SourceContinued;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (context.Spec.SkipControls)
        {
            return StagePlan.Skip("The spec leaves out the controls.");
        }

        if (context.IsInterGiven)
        {
            return StagePlan.Skip("The network of step one is given, so there is no training here to compare with.");
        }

        var options = context.Spec.InterOptions.Clone();
        options.Method = AdaptationMethod.SourceOnly;
        options.Seed = StageSeed.Derive(context.Spec.Seed, Kind);
        return await planner
            .PlanAsync(
                context,
                Kind,
                options,
                context.Start,
                [context.LabelledSource],
                unlabelled: null,
                note: "",
                cancellationToken)
            .ConfigureAwait(false);
    }
}

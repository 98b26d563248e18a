using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.Specs;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Control: what intra would be without the split. The inter step goes on for as long and at the same learning rate.</summary>
internal sealed class InterContinuedStage(TrainingPlanner planner) : IStage
{
    public StageKind Kind => StageKind.InterContinued;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        var spec = context.Spec;
        if (spec.SkipControls)
        {
            return StagePlan.Skip("The spec leaves out the controls.");
        }

        if (context.Output(StageKind.Intra, "weights") is null)
        {
            return StagePlan.Skip("The intra step was left out, so there is nothing to compare with.");
        }

        if (context.Inter is not { } inter)
        {
            return StagePlan.Skip("The initial weights have no classifiers for these classes, so there is no network of step one to go on with.");
        }

        var options = spec.InterOptions.Clone();
        options.Iterations = spec.IntraOptions.Iterations;
        options.ScheduleIterations = spec.IntraOptions.ScheduleIterations;
        options.LearningRate = spec.IntraOptions.LearningRate;
        options.DiscriminatorLearningRate = spec.IntraOptions.DiscriminatorLearningRate;
        options.Seed = StageSeed.Derive(spec.Seed, Kind);
        return await planner
            .PlanAsync(
                context,
                Kind,
                options,
                inter,
                [context.LabelledSource],
                context.Record.Target.Manifest,
                note: "",
                cancellationToken)
            .ConfigureAwait(false);
    }
}

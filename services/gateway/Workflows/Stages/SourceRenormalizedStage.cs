using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Trainers;
using IntraDA.Gateway.Workflows.Specs;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Control: what better normalisation statistics alone would give. No weight is learnt.</summary>
internal sealed class SourceRenormalizedStage(TrainingPlanner planner, TrainerDirectory trainers) : IStage
{
    public StageKind Kind => StageKind.SourceRenormalized;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        var spec = context.Spec;
        if (spec.SkipControls)
        {
            return StagePlan.Skip("The spec leaves out the controls.");
        }

        if (context.IsInterGiven)
        {
            return StagePlan.Skip("The network of step one is given, so there is no source network to re-estimate.");
        }

        if (context.Network(StageKind.Source) is null)
        {
            return StagePlan.Skip("The initial weights have no classifiers for these classes, so there is no source network to re-estimate.");
        }

        var trainer = await trainers.ResolveAsync(spec.Trainer, spec.Architecture, [], cancellationToken).ConfigureAwait(false);
        if (trainer.Info!.Architectures.First(a => a.Name == spec.Architecture) is { RunningStatistics: false })
        {
            return StagePlan.Skip($"'{spec.Architecture}' keeps no running normalisation statistics that could be re-estimated.");
        }

        if (!trainer.Info.Methods.Contains(AdaptationMethod.ReEstimateNormalization))
        {
            return StagePlan.Skip($"{trainer.Describe()} cannot re-estimate normalisation statistics.");
        }

        var options = spec.InterOptions.Clone();
        options.Method = AdaptationMethod.ReEstimateNormalization;
        options.Seed = StageSeed.Derive(spec.Seed, Kind);
        // One pass over the target.
        options.Iterations = (int)Math.Clamp((context.Record.Target.Images + options.BatchSize - 1) / options.BatchSize, 1, 10_000_000);
        options.ScheduleIterations = options.Iterations;
        return await planner
            .PlanAsync(context, Kind, options, context.Start, [], context.Record.Target.Manifest, note: "", cancellationToken)
            .ConfigureAwait(false);
    }
}

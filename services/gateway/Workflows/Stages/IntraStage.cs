using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Step two: from the target's easy images to its hard ones.</summary>
internal sealed class IntraStage(TrainingPlanner planner) : IStage
{
    public StageKind Kind => StageKind.Intra;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        var easy = context.Output(StageKind.PseudoLabel, "easy_dataset");
        if (easy is null)
        {
            return StagePlan.Skip("No image is easy, so there are no pseudo-labels to learn from; the inter network is the result.");
        }

        var hard = context.Output(StageKind.PseudoLabel, "hard_dataset");
        if (hard is null && context.Spec.SkipSelfTraining)
        {
            return StagePlan.Skip("No image is hard, so there is nothing to align with, and self-training is left out; the inter network is the result.");
        }

        var options = context.Spec.IntraOptions.Clone();
        var note = context.Spec.SkipSelfTraining
            ? "The pseudo-labels are left out: the source is learned from, and the adversary stands between easy and hard images."
            : "";
        if (hard is null && options.Method != AdaptationMethod.SourceOnly)
        {
            options.Method = AdaptationMethod.SourceOnly;
            note = "No image is hard, so there is nothing to align with: self-training on the easy images alone.";
        }

        // The easy set stands first: it is the side that the adversary takes for its source.
        var first = new LabelledSet { Dataset = easy, Weight = 1, AdversaryOnly = context.Spec.SkipSelfTraining };
        LabelledSet[] labelled = context.Spec.KeepSource || context.Spec.SkipSelfTraining ? [first, context.LabelledSource] : [first];
        var start = context.IsInterGiven ? context.Spec.InitialWeights
            : context.Spec.IntraStart == IntraStart.Initial ? context.Spec.InitialWeights ?? context.Start
            : context.Need(StageKind.Inter, "weights");
        return await planner.PlanAsync(context, Kind, options, start, labelled, hard, note, cancellationToken).ConfigureAwait(false);
    }
}

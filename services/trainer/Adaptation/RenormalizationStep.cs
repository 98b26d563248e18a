using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>
/// Re-estimates normalisation statistics on the unlabelled set without learning (AdaBN, Li et al., 2016): the control that tells
/// a gain of adaptation from one of statistics.
/// </summary>
public sealed class RenormalizationStep : IAdaptationStep
{
    private readonly SegmentationNetwork _network;

    /// <summary>Creates the step and resets the statistics' counts, so that the average begins anew.</summary>
    /// <param name="network">The network; not owned.</param>
    public RenormalizationStep(SegmentationNetwork network)
    {
        _network = network;
        foreach (var count in network.Tensors.Where(t => t.Kind == ParameterKind.BatchCount))
        {
            count.Value.zero_();
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<LossTerm> Step(TrainingBatch batch, LearningRates rates)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _network.Forward(batch.Unlabelled!, NormMode.ReEstimate, aux: false);
        return [];
    }

    /// <inheritdoc />
    public StepState CaptureState() => StepState.Empty;

    /// <inheritdoc />
    public void RestoreState(StepState state)
    {
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }
}

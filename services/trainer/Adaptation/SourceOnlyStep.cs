using IntraDA.Learning.Networks;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Supervised training on the labelled sets alone; on pseudo-labels it is self-training.</summary>
/// <param name="network">The network; not owned.</param>
/// <param name="optimizer">Its optimiser; not owned.</param>
/// <param name="weights">Weights of the terms.</param>
public sealed class SourceOnlyStep(SegmentationNetwork network, MomentumSgd optimizer, LossWeights weights) : IAdaptationStep
{
    private readonly SupervisedPart _supervised = new(network, weights);

    /// <inheritdoc />
    public IReadOnlyList<LossTerm> Step(TrainingBatch batch, LearningRates rates)
    {
        using var scope = NewDisposeScope();
        var terms = new List<LossTerm>();
        optimizer.ZeroGradients();
        _supervised.Backward(batch.Labelled, terms);
        optimizer.Step(rates.Network);
        return terms;
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

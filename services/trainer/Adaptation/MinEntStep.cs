using IntraDA.Learning.Entropy;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Numbers;
using IntraDA.Trainer.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Supervised training plus direct minimisation of the target's entropy (Vu et al., CVPR 2019, equation 4).</summary>
/// <param name="network">The network; not owned.</param>
/// <param name="optimizer">Its optimiser; not owned.</param>
/// <param name="weights">Weights of the terms.</param>
public sealed class MinEntStep(SegmentationNetwork network, MomentumSgd optimizer, LossWeights weights) : IAdaptationStep
{
    private readonly SupervisedPart _supervised = new(network, weights);

    /// <inheritdoc />
    public IReadOnlyList<LossTerm> Step(TrainingBatch batch, LearningRates rates)
    {
        using var scope = NewDisposeScope();
        var terms = new List<LossTerm>();
        optimizer.ZeroGradients();
        _supervised.Backward(batch.Labelled, terms);

        var target = Upsampling.Forward(network, batch.Unlabelled!, weights.UsesAux);
        var main = SelfInformation.MeanEntropy(target.Main);
        var loss = main.Times(weights.TargetMain);
        terms.Add(new LossTerm(LossKind.EntMain, main.ToDouble()));
        if (target.Aux is not null)
        {
            var aux = SelfInformation.MeanEntropy(target.Aux);
            loss = loss.Plus(aux.Times(weights.TargetAux));
            terms.Add(new LossTerm(LossKind.EntAux, aux.ToDouble()));
        }

        loss.backward();
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

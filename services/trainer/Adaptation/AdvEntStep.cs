using IntraDA.Learning.Entropy;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>
/// Supervised training plus adversarial alignment of weighted self-information maps (AdvEnt, Vu et al., CVPR 2019, section 3.2).
/// With source and target it is the inter step; with easy pseudo-labelled and hard images the intra step (Pan et al., CVPR 2020,
/// section 3.3).
/// </summary>
/// <param name="network">The network; not owned.</param>
/// <param name="optimizer">Its optimiser; not owned.</param>
/// <param name="weights">Weights of the terms.</param>
/// <param name="mainAdversary">Adversary of the main classifier; owned.</param>
/// <param name="auxAdversary">Adversary of the auxiliary classifier; owned; null where the auxiliary classifier takes no part.</param>
public sealed class AdvEntStep(
    SegmentationNetwork network, MomentumSgd optimizer, LossWeights weights, DomainAdversary mainAdversary, DomainAdversary? auxAdversary)
    : IAdaptationStep
{
    private readonly SupervisedPart _supervised = new(network, weights);

    /// <inheritdoc />
    public IReadOnlyList<LossTerm> Step(TrainingBatch batch, LearningRates rates)
    {
        using var scope = NewDisposeScope();
        var terms = new List<LossTerm>();
        optimizer.ZeroGradients();
        mainAdversary.ZeroGradients();
        auxAdversary?.ZeroGradients();

        var source = _supervised.Backward(batch.Labelled, terms);

        var target = Upsampling.Forward(network, batch.Unlabelled!, auxAdversary is not null);
        var mainMap = SelfInformation.MapOfLogits(target.Main);
        var auxMap = target.Aux is null ? null : SelfInformation.MapOfLogits(target.Aux);
        var mainJudgement = mainAdversary.Judge(mainMap);
        var (main, mainGradient) = DomainAdversary.Fool(mainJudgement, weights.TargetMain);
        terms.Add(new LossTerm(LossKind.AdvMain, main));
        Judgement? auxJudgement = null;
        if (auxMap is null)
        {
            mainMap.backward([mainGradient]);
        }
        else
        {
            auxJudgement = auxAdversary!.Judge(auxMap);
            var (aux, auxGradient) = DomainAdversary.Fool(auxJudgement.Value, weights.TargetAux);
            terms.Add(new LossTerm(LossKind.AdvAux, aux));
            autograd.backward([mainMap, auxMap], [mainGradient, auxGradient]);
        }

        var (mainSource, mainTarget) = mainAdversary.Learn(source.Main, mainJudgement);
        terms.Add(new LossTerm(LossKind.DMainSource, mainSource));
        terms.Add(new LossTerm(LossKind.DMainTarget, mainTarget));
        if (auxJudgement is { } judgement)
        {
            var (auxSource, auxTarget) = auxAdversary!.Learn(source.Aux!, judgement);
            terms.Add(new LossTerm(LossKind.DAuxSource, auxSource));
            terms.Add(new LossTerm(LossKind.DAuxTarget, auxTarget));
        }

        optimizer.Step(rates.Network);
        mainAdversary.Step(rates.Discriminator);
        auxAdversary?.Step(rates.Discriminator);
        return terms;
    }

    /// <inheritdoc />
    public StepState CaptureState()
    {
        var tensors = new Dictionary<string, Tensor>();
        var counters = new Dictionary<string, long>();
        mainAdversary.Capture(tensors, counters);
        auxAdversary?.Capture(tensors, counters);
        return new StepState(tensors, counters);
    }

    /// <inheritdoc />
    public void RestoreState(StepState state)
    {
        mainAdversary.Restore(state);
        auxAdversary?.Restore(state);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        mainAdversary.Dispose();
        auxAdversary?.Dispose();
    }
}

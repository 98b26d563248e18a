using IntraDA.Data.Manifests;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Numbers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Cross-entropy of both classifiers at full input size.</summary>
/// <param name="network">The network.</param>
/// <param name="weights">Weights of the terms.</param>
internal sealed class SupervisedLoss(SegmentationNetwork network, LossWeights weights)
{
    /// <summary>Adds a batch's gradients to the network.</summary>
    /// <param name="batch">Images and labels.</param>
    /// <param name="main">Name of the main term.</param>
    /// <param name="aux">Name of the auxiliary term.</param>
    /// <param name="terms">Receives the terms' values.</param>
    /// <returns>Upsampled logits, detached from the graph.</returns>
    public NetworkOutput Backward(LabelledBatch batch, LossKind main, LossKind aux, ICollection<LossTerm> terms)
    {
        using var scope = NewDisposeScope();
        var output = Upsampling.Forward(network, batch.Images, weights.UsesAux);
        var mainLoss = CrossEntropy(output.Main, batch.Labels);
        var loss = mainLoss.Times(weights.SegMain);
        terms.Add(new LossTerm(main, mainLoss.ToDouble()));
        if (output.Aux is not null)
        {
            var auxLoss = CrossEntropy(output.Aux, batch.Labels);
            loss = loss.Plus(auxLoss.Times(weights.SegAux));
            terms.Add(new LossTerm(aux, auxLoss.ToDouble()));
        }

        (batch.Weight == 1 ? loss : loss.Times(batch.Weight)).backward();
        return new NetworkOutput(output.Aux?.detach().MoveToOuterDisposeScope(), output.Main.detach().MoveToOuterDisposeScope());
    }

    /// <summary>What the network makes of images whose labels are not learned from; no gradient is added.</summary>
    /// <param name="batch">Images.</param>
    /// <returns>Upsampled logits without a graph.</returns>
    public NetworkOutput Look(LabelledBatch batch)
    {
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            var output = Upsampling.Forward(network, batch.Images, weights.UsesAux);
            return new NetworkOutput(output.Aux?.MoveToOuterDisposeScope(), output.Main.MoveToOuterDisposeScope());
        }
    }

    // Sum over count instead of the library's mean: a batch whose labels are all ignored then gives 0, where the published code
    // gives NaN (method.md 4.18).
    private static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var sum = functional.cross_entropy(logits, labels, ignore_index: ClassList.Ignore, reduction: Reduction.Sum);
        var count = labels.ne(ClassList.Ignore).sum().ToInt64();
        return sum.Over(Math.Max(count, 1));
    }
}

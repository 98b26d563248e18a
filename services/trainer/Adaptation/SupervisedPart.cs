using IntraDA.Learning.Networks;

namespace IntraDA.Trainer.Adaptation;

/// <summary>The cross-entropy over all labelled sets of an iteration.</summary>
internal sealed class SupervisedPart(SegmentationNetwork network, LossWeights weights)
{
    private readonly SupervisedLoss _loss = new(network, weights);

    /// <summary>Adds all gradients; returns the first set's upsampled logits, detached.</summary>
    public NetworkOutput Backward(IReadOnlyList<LabelledBatch> batches, ICollection<LossTerm> terms)
    {
        var first = _loss.Backward(batches[0], LossKind.SegMain, LossKind.SegAux, terms);
        foreach (var batch in batches.Skip(1))
        {
            _loss.Backward(batch, LossKind.SegKeptMain, LossKind.SegKeptAux, terms);
        }

        return first;
    }
}

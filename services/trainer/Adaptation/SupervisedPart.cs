using IntraDA.Learning.Networks;

namespace IntraDA.Trainer.Adaptation;

/// <summary>The cross-entropy over all labelled sets of an iteration.</summary>
internal sealed class SupervisedPart(SegmentationNetwork network, LossWeights weights)
{
    private readonly SupervisedLoss _loss = new(network, weights);

    /// <summary>Adds all gradients; returns the first set's upsampled logits, detached. That set may be there for an adversary only.</summary>
    public NetworkOutput Backward(IReadOnlyList<LabelledBatch> batches, ICollection<LossTerm> terms)
    {
        NetworkOutput? first = batches[0].AdversaryOnly ? _loss.Look(batches[0]) : null;
        var (main, aux) = (LossKind.SegMain, LossKind.SegAux);
        foreach (var batch in batches.Where(batch => !batch.AdversaryOnly))
        {
            var output = _loss.Backward(batch, main, aux, terms);
            first ??= output;
            (main, aux) = (LossKind.SegKeptMain, LossKind.SegKeptAux);
        }

        return first!.Value;
    }
}

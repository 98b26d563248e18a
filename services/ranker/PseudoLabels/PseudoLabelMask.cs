using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>Drops the pixels of a prediction that a policy does not trust. Pure.</summary>
public static class PseudoLabelMask
{
    /// <summary>Ignores pixels below their class's threshold.</summary>
    /// <param name="labels">Predicted classes; left as they are.</param>
    /// <param name="confidences">Their probabilities, of the same size.</param>
    /// <param name="thresholds">Least kept confidence value per train id, 0..65535.</param>
    /// <returns>The masked map, or <paramref name="labels"/> itself where every pixel is kept.</returns>
    public static LabelMap Apply(LabelMap labels, ConfidenceMap confidences, ReadOnlySpan<ushort> thresholds)
    {
        byte[]? masked = null;
        for (var i = 0; i < labels.TrainIds.Length; i++)
        {
            var id = labels.TrainIds[i];
            if (id != ClassList.Ignore && confidences.Values[i] < thresholds[id])
            {
                masked ??= (byte[])labels.TrainIds.Clone();
                masked[i] = ClassList.Ignore;
            }
        }

        return masked is null ? labels : new LabelMap(labels.Width, labels.Height, masked);
    }

    /// <summary>Counts the labelled pixels of a map.</summary>
    /// <param name="labels">The map.</param>
    /// <param name="counts">Per train id; added to.</param>
    public static void Count(LabelMap labels, Span<long> counts)
    {
        foreach (var id in labels.TrainIds)
        {
            if (id != ClassList.Ignore)
            {
                counts[id]++;
            }
        }
    }
}

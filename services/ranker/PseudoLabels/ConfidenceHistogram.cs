using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>How confident the pixels of each class are, over many maps: one bin for each of the 65,536 values a confidence has.</summary>
public sealed class ConfidenceHistogram
{
    private const int Bins = 1 << 16;
    private readonly long[] _counts;
    private readonly int _classes;

    /// <summary>An empty histogram.</summary>
    /// <param name="classes">Number of classes.</param>
    public ConfidenceHistogram(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _classes = classes;
        _counts = new long[classes * Bins];
    }

    /// <summary>Counts a map's pixels; ignored ones are left out.</summary>
    /// <param name="labels">Predicted classes.</param>
    /// <param name="confidences">Their probabilities, of the same size.</param>
    public void Add(LabelMap labels, ConfidenceMap confidences)
    {
        for (var i = 0; i < labels.TrainIds.Length; i++)
        {
            var id = labels.TrainIds[i];
            if (id != ClassList.Ignore)
            {
                _counts[(id * Bins) + confidences.Values[i]]++;
            }
        }
    }

    /// <summary>
    /// Thresholds that keep the most confident share of each class (Zou et al., ECCV 2018): the highest value at which at least the
    /// share of the class's pixels is kept. Pixels of equal confidence are kept or dropped together, so more than the share can be kept.
    /// </summary>
    /// <param name="share">Over 0, up to 1.</param>
    /// <returns>Per train id the least kept value, 0..65535; 0 for a class without pixels.</returns>
    public ushort[] Thresholds(double share)
    {
        var thresholds = new ushort[_classes];
        for (var c = 0; c < _classes; c++)
        {
            var counts = _counts.AsSpan(c * Bins, Bins);
            var total = 0L;
            foreach (var count in counts)
            {
                total += count;
            }

            var wanted = (long)Math.Ceiling(total * share);
            var bin = Bins;
            for (var kept = 0L; kept < wanted;)
            {
                kept += counts[--bin];
            }

            thresholds[c] = (ushort)(bin < Bins ? bin : 0);
        }

        return thresholds;
    }
}

using IntraDA.Data.Manifests;

namespace IntraDA.Learning.Metrics;

/// <summary>Pixel counts by true and predicted class over a whole set, from which IoU and mIoU follow (published: one histogram, nanmean).</summary>
/// <param name="classes">Number of classes C.</param>
public sealed class ConfusionHistogram(int classes)
{
    private readonly long[] _counts = new long[classes * classes];

    /// <summary>Number of classes C.</summary>
    public int Classes { get; } = classes;

    /// <summary>Row-major <c>[C, C]</c>: element t * C + p counts pixels of true class t predicted as p.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>Counts an image.</summary>
    /// <param name="truth">Train ids; <see cref="ClassList.Ignore"/> and ids of C or more are left out.</param>
    /// <param name="prediction">Predicted train ids, as long as <paramref name="truth"/>, all below C.</param>
    /// <returns>How many labelled pixels there were and how many of them are wrong.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public (long Labelled, long Wrong) Add(ReadOnlySpan<byte> truth, ReadOnlySpan<byte> prediction)
    {
        if (truth.Length != prediction.Length)
        {
            throw new ArgumentException($"Truth has {truth.Length} pixels, the prediction {prediction.Length}.", nameof(prediction));
        }

        long labelled = 0;
        long wrong = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            int t = truth[i];
            if (t >= Classes)
            {
                continue;
            }

            int p = prediction[i];
            _counts[(t * Classes) + p]++;
            labelled++;
            if (t != p)
            {
                wrong++;
            }
        }

        return (labelled, wrong);
    }

    /// <summary>Adds another histogram of as many classes.</summary>
    /// <param name="other">The other one.</param>
    public void Add(ConfusionHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    /// <summary>Intersection over union per class.</summary>
    /// <returns>C values in 0..1; NaN where a class occurs neither in truth nor in prediction.</returns>
    public double[] IntersectionOverUnion()
    {
        var iou = new double[Classes];
        for (var c = 0; c < Classes; c++)
        {
            long truth = 0;
            long predicted = 0;
            for (var k = 0; k < Classes; k++)
            {
                truth += _counts[(c * Classes) + k];
                predicted += _counts[(k * Classes) + c];
            }

            var hit = _counts[(c * Classes) + c];
            iou[c] = hit / (double)(truth + predicted - hit);
        }

        return iou;
    }

    /// <summary>Mean IoU over the classes that occur.</summary>
    /// <returns>0..1; NaN where nothing was counted.</returns>
    public double MeanIntersectionOverUnion()
    {
        var present = IntersectionOverUnion().Where(v => !double.IsNaN(v)).ToArray();
        return present.Length == 0 ? double.NaN : present.Average();
    }

    /// <summary>Share of labelled pixels predicted right.</summary>
    /// <returns>0..1; NaN where nothing was counted.</returns>
    public double PixelAccuracy()
    {
        long hit = 0;
        for (var c = 0; c < Classes; c++)
        {
            hit += _counts[(c * Classes) + c];
        }

        return hit / (double)_counts.Sum();
    }
}

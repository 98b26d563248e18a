using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Thins and smooths curves.</summary>
public static class CurveThinning
{
    /// <summary>Most points that are kept of a curve.</summary>
    public const int MaxPoints = 160;

    // A moving mean over a tenth of the training shows the trend through the noise of single batches.
    private const double WindowShare = 0.1;

    /// <summary>Thins a curve to at most <see cref="MaxPoints"/> means of neighbouring values, and smooths it.</summary>
    /// <param name="stage">The training.</param>
    /// <param name="term">The term.</param>
    /// <param name="points">Iteration and value, iterations rising; values that are not finite are left out.</param>
    /// <returns>The curve, or null where no value is left.</returns>
    public static TrainingCurve? Thin(StageKind stage, string term, IReadOnlyList<(long Iteration, double Value)> points)
    {
        (long Iteration, double Value)[] finite = [.. points.Where(p => double.IsFinite(p.Value))];
        if (finite.Length == 0)
        {
            return null;
        }

        var sums = new double[finite.Length + 1];
        for (var i = 0; i < finite.Length; i++)
        {
            sums[i + 1] = sums[i] + finite[i].Value;
        }

        var half = (int)(finite.Length * WindowShare / 2);
        var count = Math.Min(MaxPoints, finite.Length);
        var iterations = new double[count];
        var values = new double[count];
        var smoothed = new double[count];
        for (var i = 0; i < count; i++)
        {
            var from = (int)((long)i * finite.Length / count);
            var to = (int)((long)(i + 1) * finite.Length / count);
            var middle = (from + to - 1) / 2;
            iterations[i] = (finite[from].Iteration + finite[to - 1].Iteration) / 2.0;
            values[i] = (sums[to] - sums[from]) / (to - from);
            // Towards both ends the window shrinks on both sides, so that it is not lopsided, but not so far that noise returns.
            var reach = Math.Max(half / 2, Math.Min(half, Math.Min(middle, finite.Length - 1 - middle)));
            var first = Math.Max(0, middle - reach);
            var last = Math.Min(finite.Length - 1, middle + reach);
            smoothed[i] = half == 0 ? values[i] : (sums[last + 1] - sums[first]) / (last - first + 1);
        }

        return new TrainingCurve(stage, term, iterations, values, smoothed);
    }
}

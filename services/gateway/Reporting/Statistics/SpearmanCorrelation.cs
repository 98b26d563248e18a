namespace IntraDA.Gateway.Reporting.Statistics;

/// <summary>Spearman's rank correlation: Pearson's correlation of average ranks, right also where values tie.</summary>
public static class SpearmanCorrelation
{
    /// <summary>Correlates two columns.</summary>
    /// <param name="x">Values; pairs with a value that is not finite are left out.</param>
    /// <param name="y">As many values.</param>
    /// <returns>-1..1, or null where fewer than two pairs are left or a column does not vary.</returns>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static double? Compute(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"The columns have {x.Count} and {y.Count} values; they must have as many.", nameof(y));
        }

        var kept = Enumerable.Range(0, x.Count).Where(i => double.IsFinite(x[i]) && double.IsFinite(y[i])).ToArray();
        if (kept.Length < 2)
        {
            return null;
        }

        var rx = Ranks.Average([.. kept.Select(i => x[i])]);
        var ry = Ranks.Average([.. kept.Select(i => y[i])]);
        var mean = (kept.Length + 1) / 2.0;
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            xy += (rx[i] - mean) * (ry[i] - mean);
            xx += (rx[i] - mean) * (rx[i] - mean);
            yy += (ry[i] - mean) * (ry[i] - mean);
        }

        return xx == 0 || yy == 0 ? null : Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1);
    }
}

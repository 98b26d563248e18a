namespace IntraDA.Gateway.Reporting.Statistics;

/// <summary>Area under the receiver operating characteristic: how well a score tells two groups apart.</summary>
public static class AreaUnderCurve
{
    /// <summary>
    /// The chance that a positive scores higher than a negative, a tie counting half (the Mann-Whitney statistic over n m).
    /// </summary>
    /// <param name="positives">Scores of the images that should score high; values that are not finite are left out.</param>
    /// <param name="negatives">Scores of the others.</param>
    /// <returns>0..1, 0.5 for a score that tells nothing; null where either group is empty.</returns>
    public static double? Compute(IReadOnlyCollection<double> positives, IReadOnlyCollection<double> negatives)
    {
        double[] high = [.. positives.Where(double.IsFinite)];
        double[] low = [.. negatives.Where(double.IsFinite)];
        if (high.Length == 0 || low.Length == 0)
        {
            return null;
        }

        var rankSum = Ranks.Average([.. high, .. low]).Take(high.Length).Sum();
        return (rankSum - (high.Length * (high.Length + 1.0) / 2)) / ((double)high.Length * low.Length);
    }
}

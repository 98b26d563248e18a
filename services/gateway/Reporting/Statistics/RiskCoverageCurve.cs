namespace IntraDA.Gateway.Reporting.Statistics;

/// <summary>
/// Selective prediction: what error remains when only the most confident share of the images is kept (Geifman and El-Yaniv,
/// NeurIPS 2017).
/// </summary>
/// <remarks>
/// Images of equal score have no order of their own, so each counts with the mean error of its tie: the curve does not depend on
/// the order of the input.
/// </remarks>
public sealed record RiskCoverageCurve
{
    private RiskCoverageCurve(RiskCoveragePoint[] points)
    {
        Points = points;
        Area = points.Average(p => p.Risk);
        OracleArea = points.Average(p => p.OracleRisk);
        FullRisk = points[^1].Risk;
    }

    /// <summary>One point an image, coverage rising from 1/n to 1.</summary>
    public IReadOnlyList<RiskCoveragePoint> Points { get; }

    /// <summary>AURC: the mean risk over all coverages; lower is better.</summary>
    public double Area { get; }

    /// <summary>AURC of the oracle order.</summary>
    public double OracleArea { get; }

    /// <summary>Excess AURC (Geifman et al., ICLR 2019): what the score loses against the oracle; 0 is perfect.</summary>
    public double ExcessArea => Area - OracleArea;

    /// <summary>Risk at full coverage: the mean error, and also the expected area of a random order.</summary>
    public double FullRisk { get; }

    /// <summary>Computes the curve.</summary>
    /// <param name="uncertainties">Score per image, low = confident; pairs with a value that is not finite are left out.</param>
    /// <param name="errors">Error per image, e.g. the share of wrong pixels.</param>
    /// <returns>The curve, or null where no pair is left.</returns>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static RiskCoverageCurve? Compute(IReadOnlyList<double> uncertainties, IReadOnlyList<double> errors)
    {
        if (uncertainties.Count != errors.Count)
        {
            throw new ArgumentException(
                $"The columns have {uncertainties.Count} and {errors.Count} values; they must have as many.", nameof(errors));
        }

        var kept = Enumerable.Range(0, errors.Count)
            .Where(i => double.IsFinite(uncertainties[i]) && double.IsFinite(errors[i]))
            .ToArray();
        if (kept.Length == 0)
        {
            return null;
        }

        var ordered = kept.GroupBy(i => uncertainties[i])
            .OrderBy(tie => tie.Key)
            .SelectMany(tie => Enumerable.Repeat(tie.Average(i => errors[i]), tie.Count()));
        var oracle = kept.Select(i => errors[i]).Order();
        var points = new RiskCoveragePoint[kept.Length];
        double sum = 0, oracleSum = 0;
        var count = 0;
        foreach (var (error, oracleError) in ordered.Zip(oracle))
        {
            sum += error;
            oracleSum += oracleError;
            count++;
            points[count - 1] = new RiskCoveragePoint((double)count / kept.Length, sum / count, oracleSum / count);
        }

        return new RiskCoverageCurve(points);
    }
}

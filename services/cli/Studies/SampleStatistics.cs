namespace IntraDA.Cli.Studies;

/// <summary>Mean and spread of one figure over training seeds.</summary>
/// <param name="Count">Number of values.</param>
/// <param name="Mean">Their mean; null without values.</param>
/// <param name="StandardDeviation">Their sample standard deviation, with n - 1; null below two values.</param>
internal sealed record SampleStatistics(int Count, double? Mean, double? StandardDeviation)
{
    /// <summary>Computes the figures of a sample.</summary>
    /// <param name="values">The values.</param>
    /// <returns>The figures.</returns>
    public static SampleStatistics Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return new SampleStatistics(0, null, null);
        }

        var mean = values.Average();
        double? deviation = values.Count < 2 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new SampleStatistics(values.Count, mean, deviation);
    }
}

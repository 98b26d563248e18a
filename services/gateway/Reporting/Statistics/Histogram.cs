namespace IntraDA.Gateway.Reporting.Statistics;

/// <summary>Counts of values in bins of equal width.</summary>
public sealed record Histogram
{
    private Histogram(double[] edges, Dictionary<string, int[]> counts)
    {
        Edges = edges;
        Counts = counts;
    }

    /// <summary>Bin borders, one more than bins, rising. A value on an inner border is in the bin above it.</summary>
    public IReadOnlyList<double> Edges { get; }

    /// <summary>Counts per bin, by group.</summary>
    public IReadOnlyDictionary<string, int[]> Counts { get; }

    /// <summary>Counts values by group, all groups over the same bins from the smallest to the largest value.</summary>
    /// <param name="values">Value and group of each item; values that are not finite are left out.</param>
    /// <param name="bins">Number of bins, 1 to 1000.</param>
    /// <returns>The histogram, or null where no value is left.</returns>
    public static Histogram? Compute(IReadOnlyCollection<(double Value, string Group)> values, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 1000);
        (double Value, string Group)[] finite = [.. values.Where(v => double.IsFinite(v.Value))];
        if (finite.Length == 0)
        {
            return null;
        }

        var low = finite.Min(v => v.Value);
        var high = finite.Max(v => v.Value);
        if (!(high > low))
        {
            // All values are equal: one bin around them, of a width that is visible next to the value itself.
            var half = Math.Max(Math.Abs(low) * 0.05, 1e-6);
            (low, high, bins) = (low - half, low + half, 1);
        }

        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => low + ((high - low) * i / bins))];
        var counts = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (value, group) in finite)
        {
            if (!counts.TryGetValue(group, out var row))
            {
                counts[group] = row = new int[bins];
            }

            row[Math.Clamp((int)Math.Floor((value - low) / (high - low) * bins), 0, bins - 1)]++;
        }

        return new Histogram(edges, counts);
    }
}

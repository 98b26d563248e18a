namespace IntraDA.Cli.Studies;

/// <summary>One figure of each training seed, mIoU in percent or a difference of two.</summary>
internal sealed class SeedValues
{
    private readonly SortedDictionary<ulong, double> _values;

    /// <summary>Takes the values that were measured.</summary>
    /// <param name="values">Seed and value; seeds without a value are left out.</param>
    public SeedValues(IEnumerable<KeyValuePair<ulong, double>> values)
    {
        _values = new SortedDictionary<ulong, double>(values.ToDictionary());
        Statistics = SampleStatistics.Of(_values.Values);
    }

    /// <summary>Value by seed, in the order of the seeds.</summary>
    public IReadOnlyDictionary<ulong, double> BySeed => _values;

    /// <summary>Mean and spread.</summary>
    public SampleStatistics Statistics { get; }

    /// <summary>In how many seeds the value is above zero.</summary>
    public int Positive => _values.Values.Count(value => value > 0);

    /// <summary>The paired differences to other values: those of the seeds that both have.</summary>
    /// <param name="other">What is taken away.</param>
    /// <returns>The differences.</returns>
    public SeedValues Minus(SeedValues other) => new(
        _values.Where(pair => other._values.ContainsKey(pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value - other._values[pair.Key])));
}

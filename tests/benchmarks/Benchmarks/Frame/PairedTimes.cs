namespace IntraDA.Benchmarks.Frame;

/// <summary>Times of both ways, run in turn: plain, ours, plain, ours.</summary>
/// <param name="Plain">Seconds of each plain run.</param>
/// <param name="Ours">Seconds of each run of ours; as many.</param>
internal sealed record PairedTimes(IReadOnlyList<double> Plain, IReadOnlyList<double> Ours)
{
    /// <summary>Median of the plain runs, seconds.</summary>
    public double PlainMedian => Median(Plain);

    /// <summary>Median of our runs, seconds.</summary>
    public double OursMedian => Median(Ours);

    /// <summary>How often ours runs in the time of plain: the ratio of the medians.</summary>
    public double Ratio => PlainMedian / OursMedian;

    /// <summary>Processor seconds of this process over both ways' runs, medians: what was computed, whoever else used the machine meanwhile.</summary>
    public (double Plain, double Ours)? ProcessorSeconds { get; init; }

    /// <summary>The same times divided, for work that is counted in pieces.</summary>
    /// <param name="pieces">Pieces in each run.</param>
    /// <returns>Seconds for each piece.</returns>
    public PairedTimes Per(double pieces) => 
        new([.. Plain.Select(t => t / pieces)], [.. Ours.Select(t => t / pieces)])
        {
            ProcessorSeconds = ProcessorSeconds is { } seconds ? (seconds.Plain / pieces, seconds.Ours / pieces) : null,
        };

    /// <summary>The median.</summary>
    /// <param name="values">At least one.</param>
    /// <returns>The middle value, or the mean of the two in the middle.</returns>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

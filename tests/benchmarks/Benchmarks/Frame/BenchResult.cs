using System.Text.Json.Nodes;

namespace IntraDA.Benchmarks.Frame;

/// <summary>What a bench found.</summary>
/// <param name="Times">Times of both ways.</param>
/// <param name="Agreement">Whether the answers of both ways agree, and how closely.</param>
/// <param name="Settings">All that the figures depend on, for the reader: sizes, threads, precision.</param>
internal sealed record BenchResult(PairedTimes Times, BenchAgreement Agreement, JsonObject Settings)
{
    /// <summary>Achieved operations a second over the matrix-multiply rate measured in the same run and precision; null where nothing is multiplied.</summary>
    public double? PeakFraction { get; init; }

    /// <summary>Further figures by name, e.g. peak memory.</summary>
    public JsonObject Figures { get; init; } = [];

    /// <summary>Parts of a bench that measures several cases, by name; the whole is then the part with the least ratio.</summary>
    public IReadOnlyList<(string Name, BenchResult Result)> Cases { get; init; } = [];

    /// <summary>Joins cases: the whole reports the one with the least ratio, and agrees only where all do.</summary>
    /// <param name="cases">At least one.</param>
    /// <param name="settings">What all cases share.</param>
    /// <returns>The whole.</returns>
    public static BenchResult OfCases(IReadOnlyList<(string Name, BenchResult Result)> cases, JsonObject settings)
    {
        var (name, least) = cases.MinBy(c => c.Result.Times.Ratio);
        var failed = cases.FirstOrDefault(c => !c.Result.Agreement.Holds).Result;
        settings["least"] = name;
        return new BenchResult(least.Times, (failed ?? least).Agreement, settings) { PeakFraction = least.PeakFraction, Cases = cases };
    }
}

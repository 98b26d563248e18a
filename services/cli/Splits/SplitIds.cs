namespace IntraDA.Cli.Splits;

/// <summary>The ids of a split.</summary>
/// <param name="Easy">Those of the easy images.</param>
/// <param name="Hard">Those of the hard images.</param>
internal sealed record SplitIds(IReadOnlyList<string> Easy, IReadOnlyList<string> Hard);

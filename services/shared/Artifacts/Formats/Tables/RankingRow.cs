namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>An image's place in a ranking.</summary>
/// <param name="Rank">From 0, the easiest.</param>
/// <param name="Id">Id of the image in its data set.</param>
/// <param name="Score">What it was ranked by.</param>
/// <param name="Easy">Whether it is on the easy side of the split.</param>
public readonly record struct RankingRow(long Rank, string Id, double Score, bool Easy);

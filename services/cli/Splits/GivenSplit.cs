namespace IntraDA.Cli.Splits;

/// <summary>A split, and perhaps its pseudo-labels, in files of this machine.</summary>
/// <param name="EasyList">List of the easy images.</param>
/// <param name="HardList">List of the hard images.</param>
/// <param name="Labels">Folder of the pseudo-labels; null: they are made by step one's network.</param>
internal sealed record GivenSplit(string EasyList, string HardList, string? Labels);

using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Cli.Splits;

/// <summary>A split, and perhaps its pseudo-labels, in the gateway's store.</summary>
/// <param name="EasyList">List of the easy images.</param>
/// <param name="HardList">List of the hard images.</param>
/// <param name="Predictions">Manifest of the pseudo-labels; null: they are made by step one's network.</param>
internal sealed record StoredSplit(Artifact EasyList, Artifact HardList, Artifact? Predictions);

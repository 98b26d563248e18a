using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Scoring;

namespace IntraDA.Gateway.Segmenters;

/// <summary>What is to be scored, and what of it is to be kept.</summary>
/// <param name="Checkpoint">The network.</param>
/// <param name="Dataset">Manifest of the data set.</param>
/// <param name="OutputPrefix">Where the whole result goes.</param>
/// <param name="LabelMaps">Whether label maps are stored.</param>
/// <param name="ConfidenceMaps">Whether confidence maps are stored.</param>
/// <param name="Salt">Not empty where results of others are not wanted.</param>
/// <param name="Planned">Who is to score; null: the first that is found.</param>
internal sealed record ScoringJob(
    Artifact Checkpoint, Artifact Dataset, string OutputPrefix, bool LabelMaps, bool ConfidenceMaps, string Salt, ScorerIdentity? Planned);

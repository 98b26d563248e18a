using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Data.Scoring;

/// <summary>Who scores, as far as scores depend on it.</summary>
/// <param name="Service">Name, version and build.</param>
/// <param name="Precision">What the segmenter says it computes with, e.g. "float32"; empty where it says nothing.</param>
public sealed record ScorerIdentity(ServiceInfo Service, string Precision);

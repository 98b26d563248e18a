namespace IntraDA.Learning.Inference;

/// <summary>How an engine computes.</summary>
/// <param name="Precision">Precision of the convolutions.</param>
/// <param name="Plain">Whether the network is run as it is, layer by layer: the reference that every fast path is checked against.</param>
public sealed record EngineOptions(EnginePrecision Precision = EnginePrecision.Full, bool Plain = false);

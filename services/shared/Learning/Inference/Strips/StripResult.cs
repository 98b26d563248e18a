namespace IntraDA.Learning.Inference.Strips;

/// <summary>What the strips of a map gave.</summary>
/// <param name="MeanEntropy">Mean normalised entropy, 0..1; 0 where not asked for.</param>
/// <param name="ClassPixels">Pixels won per class; zeros where not asked for.</param>
/// <param name="Labels">The argmax, <c>[H, W]</c>; null where not asked for.</param>
/// <param name="Entropy">255 * normalised entropy, rounded; null where not asked for.</param>
/// <param name="Confidence">65535 * winning probability, rounded; null where not asked for.</param>
internal sealed record StripResult(double MeanEntropy, long[] ClassPixels, byte[]? Labels, byte[]? Entropy, ushort[]? Confidence);

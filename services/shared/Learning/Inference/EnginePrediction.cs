using IntraDA.Data.Labels;

namespace IntraDA.Learning.Inference;

/// <summary>What an engine says of an image.</summary>
/// <param name="Width">Width of the maps, pixels.</param>
/// <param name="Height">Height of the maps, pixels.</param>
/// <param name="Labels">The argmax; null where not asked for.</param>
/// <param name="Entropy">255 * normalised entropy, rounded, <c>[H, W]</c>; null where not asked for.</param>
/// <param name="Confidence">The winning probability; null where not asked for.</param>
/// <param name="Score">Mean over C, H, W of -p log2 p / log2 C at the network's input size, 0..1/C (published ranking score).</param>
/// <param name="ClassPixels">Pixels won per class at the network's input size.</param>
public sealed record EnginePrediction(
    int Width, int Height, LabelMap? Labels, byte[]? Entropy, ConfidenceMap? Confidence, double Score, long[] ClassPixels)
{
    /// <summary>Mean normalised entropy, 0..1.</summary>
    public double NormalizedEntropy => Score * ClassPixels.Length;
}

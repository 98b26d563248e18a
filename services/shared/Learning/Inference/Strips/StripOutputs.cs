namespace IntraDA.Learning.Inference.Strips;

/// <summary>What is computed of a pixel; what is not asked for is neither computed nor stored.</summary>
/// <param name="Entropy">Mean entropy, and the entropy map where <paramref name="EntropyMap"/> is set.</param>
/// <param name="Labels">The argmax.</param>
/// <param name="Counts">Pixels won per class.</param>
/// <param name="EntropyMap">Entropy of each pixel.</param>
/// <param name="Confidence">Probability of the winner.</param>
internal readonly record struct StripOutputs(bool Entropy, bool Labels, bool Counts, bool EntropyMap, bool Confidence);

namespace IntraDA.Trainer.Loading;

/// <summary>What a set gives to one iteration: decoded, but not augmented and no tensors yet, so that nobody has to free it.</summary>
/// <param name="Iteration">0-based.</param>
/// <param name="Samples">The batch's images in their order.</param>
public sealed record LoadedSet(long Iteration, IReadOnlyList<Sample> Samples);

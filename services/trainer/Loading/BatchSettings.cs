namespace IntraDA.Trainer.Loading;

/// <summary>How batches are assembled.</summary>
/// <param name="Seed">The job's seed.</param>
/// <param name="BatchSize">Images per batch, at least 1.</param>
/// <param name="Flip">Whether half of the images are mirrored.</param>
/// <param name="Photometric">Whether appearance is augmented.</param>
public sealed record BatchSettings(ulong Seed, int BatchSize, bool Flip, bool Photometric);

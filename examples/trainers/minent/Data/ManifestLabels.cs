namespace MinEntTrainer.Data;

/// <summary>How label files become train ids.</summary>
/// <param name="Channel">Channel that holds the class.</param>
/// <param name="TrainIds">Train id by raw value, all others are ignored; null: raw values are train ids.</param>
/// <param name="SizesMayDiffer">Whether a label of another size than its image is scaled; otherwise it is refused.</param>
internal sealed record ManifestLabels(int Channel, IReadOnlyDictionary<int, int>? TrainIds, bool SizesMayDiffer);

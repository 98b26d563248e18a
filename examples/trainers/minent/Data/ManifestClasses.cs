namespace MinEntTrainer.Data;

/// <summary>The label space; train ids are positions of the names.</summary>
/// <param name="Names">Names of the classes.</param>
/// <param name="Palette">3 bytes (R, G, B) a class.</param>
/// <param name="RareTrainIds">Ids of rare classes.</param>
internal sealed record ManifestClasses(IReadOnlyList<string> Names, byte[]? Palette, IReadOnlyList<int>? RareTrainIds);

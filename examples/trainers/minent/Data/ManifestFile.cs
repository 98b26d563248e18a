namespace MinEntTrainer.Data;

/// <summary>A file of a data set.</summary>
/// <param name="Path">Below the manifest's root, or a key of the store.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="InStore">Whether the path is a key although the manifest has a root.</param>
internal sealed record ManifestFile(string Path, string Sha256, long SizeBytes, bool InStore = false);

using IntraDA.Contracts.Artifacts.V1;

namespace MinEntTrainer.Learning;

/// <summary>A reference in a checkpoint's manifest.</summary>
/// <param name="Key">Key in the store.</param>
/// <param name="Sha256">Digest.</param>
/// <param name="SizeBytes">Length.</param>
internal sealed record CheckpointPart(string Key, string Sha256, long SizeBytes)
{
    /// <summary>The reference as messages hold it.</summary>
    /// <returns>A new message.</returns>
    public Artifact ToArtifact() => new() { Key = Key, Sha256 = Sha256, SizeBytes = SizeBytes };

    /// <summary>A reference.</summary>
    /// <param name="artifact">As messages hold it.</param>
    /// <returns>The same.</returns>
    public static CheckpointPart Of(Artifact artifact) => new(artifact.Key, artifact.Sha256, artifact.SizeBytes);
}

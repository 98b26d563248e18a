using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Formats;

/// <summary>A reference to an artefact as JSON documents hold it: <c>{"key","sha256","sizeBytes","mediaType"}</c>.</summary>
/// <param name="Key">Key in the store.</param>
/// <param name="Sha256">SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Length in bytes.</param>
/// <param name="MediaType">IANA media type.</param>
public sealed record StoredArtifact(string Key, string Sha256, long SizeBytes, string MediaType)
{
    /// <summary>The JSON form of a reference.</summary>
    /// <param name="artifact">The reference.</param>
    /// <returns>The same, for JSON.</returns>
    public static StoredArtifact From(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new StoredArtifact(artifact.Key, artifact.Sha256, artifact.SizeBytes, artifact.MediaType);
    }

    /// <summary>The reference.</summary>
    /// <returns>The same, for messages.</returns>
    public Artifact ToArtifact() => new() { Key = Key, Sha256 = Sha256, SizeBytes = SizeBytes, MediaType = MediaType };

    internal string? Problem() =>
        !ArtifactKey.IsValid(Key) ? "its key is none"
        : !ArtifactKey.IsDigest(Sha256) ? "its SHA-256 is none"
        : SizeBytes < 0 ? "its size is negative"
        : MediaType is null ? "it has no media type"
        : null;
}

using System.Security.Cryptography;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>Length and SHA-256 of bytes that stream by.</summary>
internal sealed class ContentDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>Ends the digest, as a reference.</summary>
    public Artifact ToArtifact(string key, string mediaType) =>
        new() { Key = key, Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset()), SizeBytes = Length, MediaType = mediaType };

    /// <summary>Ends the digest and compares it; a reference without digest is believed.</summary>
    public void Verify(Artifact expected)
    {
        if (expected.Sha256.Length == 0)
        {
            return;
        }

        if (Length != expected.SizeBytes)
        {
            throw new ArtifactDamagedException(expected.Key, $"it has {Length} bytes, expected {expected.SizeBytes}.");
        }

        var actual = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (actual != expected.Sha256)
        {
            throw new ArtifactDamagedException(expected.Key, $"SHA-256 is {actual}, expected {expected.Sha256}.");
        }
    }

    public void Dispose() => _hash.Dispose();
}

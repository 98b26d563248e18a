using System.Security.Cryptography;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using MinEntTrainer.Service;

namespace MinEntTrainer.Store;

/// <summary>What both stores have in common.</summary>
internal static class StoreReads
{
    /// <summary>Reads an artefact and verifies it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="artifact">The reference.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Exactly the bytes that the reference names.</returns>
    /// <exception cref="Refusal">NOT_FOUND or DATA_LOSS.</exception>
    public static async Task<byte[]> ReadAsync(this IStore store, Artifact artifact, CancellationToken cancellationToken)
    {
        var bytes = await store.FindAsync(artifact.Key, cancellationToken)
            ?? throw new Refusal(StatusCode.NotFound, "ARTIFACT_NOT_FOUND", $"The store holds nothing under '{artifact.Key}'; store it again.");
        return bytes.Length == artifact.SizeBytes && Digest(bytes) == artifact.Sha256
            ? bytes
            : throw new Refusal(StatusCode.DataLoss, "ARTIFACT_DAMAGED", $"'{artifact.Key}' does not hold the bytes of its reference; store it again.");
    }

    /// <summary>The reference of stored bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <returns>The reference.</returns>
    public static Artifact Reference(string key, byte[] content, string mediaType) =>
        new() { Key = key, Sha256 = Digest(content), SizeBytes = content.Length, MediaType = mediaType };

    /// <summary>SHA-256 as references write it.</summary>
    /// <param name="content">The bytes.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>What a failure of the store is to callers.</summary>
    /// <param name="what">What was asked for.</param>
    /// <param name="cause">The failure.</param>
    /// <returns>UNAVAILABLE.</returns>
    public static Refusal Unavailable(string what, Exception cause) =>
        new(StatusCode.Unavailable, "STORE_UNAVAILABLE", $"The store did not do what was asked for '{what}' ({cause.Message}); it may later.");
}

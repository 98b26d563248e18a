using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>
/// Bytes under keys, shared by all services. Two implementations keep the same contract: a local directory and S3.
/// </summary>
/// <remarks>
/// A key is 1 to 512 characters of <c>[a-z0-9/._-]</c>, without a leading or trailing '/', and without an empty, '.' or '..'
/// segment; other keys throw <see cref="ArgumentException"/>. Content is streamed: memory does not grow with its length.
/// A put is atomic: a reader sees the whole of the old or of the new bytes. What has no manifest written after it does not
/// exist for readers, so a half-finished group of puts is never seen.
/// </remarks>
public interface IArtifactStore
{
    /// <summary>Stores a stream under a key, replacing what was there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">Read from its current position to its end; need not be seekable.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Stops the transfer; nothing is stored then.</param>
    /// <returns>The reference, with the digest and size of the bytes read.</returns>
    /// <exception cref="ArtifactStoreException">The store failed; <see cref="ArtifactStoreException.IsTransient"/> tells whether a retry may help.</exception>
    Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken);

    /// <summary>Stores a small object unless its key is taken; of concurrent callers exactly one succeeds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">At most 4 MiB.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The reference, or null where the key is taken.</returns>
    Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken);

    /// <summary>Copies an artefact's bytes and verifies them.</summary>
    /// <param name="artifact">What to read. With an empty digest only the key is used and nothing is verified.</param>
    /// <param name="destination">Receives the bytes; on an exception it holds a part and is to be thrown away.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <exception cref="ArtifactNotFoundException">There is nothing under the key.</exception>
    /// <exception cref="ArtifactDamagedException">Size or digest differ from the reference.</exception>
    Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken);

    /// <summary>Whether there is anything under a key, and how long it is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The length in bytes, or null where there is nothing.</returns>
    Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keys that begin with a prefix, in ordinal order.</summary>
    /// <param name="prefix">Any leading part of keys; empty for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The keys, streamed.</returns>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes what is under a key; nothing happens where there is nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the deletion.</returns>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>A link that any HTTP client can fetch without credentials.</summary>
    /// <param name="artifact">What to link to.</param>
    /// <param name="lifetime">One second to seven days.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The link, or null where the store cannot make one (the local directory).</returns>
    Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken);
}

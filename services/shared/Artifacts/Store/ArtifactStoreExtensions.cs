using System.Security.Cryptography;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>Frequent uses of a store.</summary>
public static class ArtifactStoreExtensions
{
    /// <summary>Up to here an artefact that must be seekable is held in memory, beyond it in a temporary file.</summary>
    private const long InMemoryLimit = 4L << 20;

    /// <summary>Stores bytes under a key, replacing what was there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The reference.</returns>
    public static async Task<Artifact> PutBytesAsync(
        this IArtifactStore store, string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        using var stream = new ReadOnlyMemoryStream(content);
        return await store.PutAsync(key, stream, mediaType, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores what a callback writes, replacing what was there; the callback gets a seekable temporary file.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellationToken">Cancels; nothing is stored then.</param>
    /// <returns>The reference.</returns>
    public static async Task<Artifact> PutWrittenAsync(
        this IArtifactStore store, string key, string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var spool = SpoolFile.Create();
        await using (spool.ConfigureAwait(false))
        {
            await write(spool, cancellationToken).ConfigureAwait(false);
            spool.Position = 0;
            return await store.PutAsync(key, spool, mediaType, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stores several artefacts that a callback writes at the same time, replacing what was there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="targets">Keys and IANA media types; what is to be seen last comes last.</param>
    /// <param name="write">Writes the contents into seekable temporary files, one for each target.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The references, in the order of the targets.</returns>
    public static async Task<IReadOnlyList<Artifact>> PutAllWrittenAsync(
        this IArtifactStore store,
        IReadOnlyList<(string Key, string MediaType)> targets,
        Func<IReadOnlyList<Stream>, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        var spools = targets.Select(_ => SpoolFile.Create()).ToList();
        try
        {
            await write(spools, cancellationToken).ConfigureAwait(false);
            var artifacts = new List<Artifact>(targets.Count);
            foreach (var ((key, mediaType), spool) in targets.Zip(spools))
            {
                spool.Position = 0;
                artifacts.Add(await store.PutAsync(key, spool, mediaType, cancellationToken).ConfigureAwait(false));
            }

            return artifacts;
        }
        finally
        {
            foreach (var spool in spools)
            {
                await spool.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Stores bytes under the key of their digest (<see cref="ArtifactKey.Blob"/>); what is there already is not sent again.</summary>
    /// <param name="store">The store.</param>
    /// <param name="content">Read from its position to its end; need not be seekable.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The reference.</returns>
    public static async Task<Artifact> PutBlobAsync(
        this IArtifactStore store, Stream content, string mediaType, CancellationToken cancellationToken)
    {
        if (!content.CanSeek)
        {
            var spool = SpoolFile.Create();
            await using (spool.ConfigureAwait(false))
            {
                await content.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
                spool.Position = 0;
                return await store.PutBlobAsync(spool, mediaType, cancellationToken).ConfigureAwait(false);
            }
        }

        var start = content.Position;
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        var size = content.Position - start;
        var key = ArtifactKey.Blob(digest);
        if (await store.GetSizeAsync(key, cancellationToken).ConfigureAwait(false) == size)
        {
            return new Artifact { Key = key, Sha256 = digest, SizeBytes = size, MediaType = mediaType };
        }

        content.Position = start;
        var stored = await store.PutAsync(key, content, mediaType, cancellationToken).ConfigureAwait(false);
        return stored.Sha256 == digest
            ? stored
            : throw new ArtifactStoreException($"The source of '{key}' changed while it was stored; store it again.", isTransient: true);
    }

    /// <summary>The full reference of what lies under a key, for callers that know no more than the key.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The reference, with the digest and size of the bytes as they are now.</returns>
    /// <exception cref="ArtifactNotFoundException">There is nothing under the key.</exception>
    public static async Task<Artifact> DescribeAsync(
        this IArtifactStore store, string key, string mediaType, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        var counting = new CountingWriteStream(Stream.Null);
        await using (counting.ConfigureAwait(false))
        {
            var hashing = new CryptoStream(counting, hash, CryptoStreamMode.Write, leaveOpen: true);
            await using (hashing.ConfigureAwait(false))
            {
                await store.CopyToAsync(new Artifact { Key = key }, hashing, cancellationToken).ConfigureAwait(false);
                await hashing.FlushFinalBlockAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return new Artifact { Key = key, Sha256 = Convert.ToHexStringLower(hash.Hash!), SizeBytes = counting.Count, MediaType = mediaType };
    }

    /// <summary>Reads a small artefact into memory, verified.</summary>
    /// <param name="store">The store.</param>
    /// <param name="artifact">What to read.</param>
    /// <param name="maxBytes">Longer artefacts are refused before they fill the memory.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArtifactStoreException">It is longer than <paramref name="maxBytes"/>, or the store failed.</exception>
    public static async Task<byte[]> ReadBytesAsync(
        this IArtifactStore store, Artifact artifact, int maxBytes, CancellationToken cancellationToken)
    {
        using var memory = new BoundedMemoryStream(artifact.Key, maxBytes, artifact.SizeBytes);
        await store.CopyToAsync(artifact, memory, cancellationToken).ConfigureAwait(false);
        return memory.ToArray();
    }

    /// <summary>Fetches an artefact, verified, as a seekable stream at its start: in memory where it is small, else a temporary file.</summary>
    /// <param name="store">The store.</param>
    /// <param name="artifact">What to read.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A stream that the caller disposes; its temporary file goes with it.</returns>
    public static async Task<Stream> OpenReadAsync(this IArtifactStore store, Artifact artifact, CancellationToken cancellationToken)
    {
        var size = artifact.Sha256.Length > 0
            ? artifact.SizeBytes
            : await store.GetSizeAsync(artifact.Key, cancellationToken).ConfigureAwait(false) ?? throw new ArtifactNotFoundException(artifact.Key);
        Stream stream = size <= InMemoryLimit ? new BoundedMemoryStream(artifact.Key, (int)InMemoryLimit, size) : SpoolFile.Create();
        try
        {
            await store.CopyToAsync(artifact, stream, cancellationToken).ConfigureAwait(false);
            stream.Position = 0;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Fetches an artefact into a file: the file is whole and verified, or untouched.</summary>
    /// <param name="store">The store.</param>
    /// <param name="artifact">What to read.</param>
    /// <param name="path">The file; its directory is created where it is missing, an older file is replaced.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the file in place.</returns>
    public static async Task DownloadAsync(this IArtifactStore store, Artifact artifact, string path, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():n}.part";
        try
        {
            var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await store.CopyToAsync(artifact, file, cancellationToken).ConfigureAwait(false);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}

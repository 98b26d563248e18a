using System.Buffers;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>Sends an object in parts, several at a time, and takes its digest as it reads them.</summary>
/// <param name="requests">The requests.</param>
/// <param name="parts">Lends the memory of the parts.</param>
/// <param name="timeProvider">Clock of the clean-up.</param>
internal sealed class S3Upload(S3Requests requests, ArrayPool<byte> parts, TimeProvider timeProvider)
{
    /// <summary>Bytes of a part, of an object that needs no larger ones.</summary>
    public const int PartSize = 8 << 20;

    /// <summary>Parts in memory: two keep server and network busy while the third is read and hashed.</summary>
    public const int Buffers = 3;

    private const int MaxParts = 10_000;
    private static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Sends what is left of a stream. What fails leaves no part behind.</summary>
    /// <param name="name">Name of the object in its bucket.</param>
    /// <param name="key">Its key.</param>
    /// <param name="content">At least one byte.</param>
    /// <param name="size">Number of bytes left.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="guard">Watches the transfer.</param>
    /// <returns>The reference.</returns>
    public async Task<Artifact> RunAsync(string name, string key, Stream content, long size, string mediaType, StallGuard guard)
    {
        var id = await requests.BeginUploadAsync(name, mediaType, guard.Token).ConfigureAwait(false);
        try
        {
            using var digest = new ContentDigest();
            var tags = await SendPartsAsync(name, id, content, PartSizeOf(size), digest, guard).ConfigureAwait(false);
            if (digest.Length != size)
            {
                throw new ArtifactStoreException($"The source of '{key}' gave {digest.Length} bytes where its length was {size}.", isTransient: false);
            }

            await requests.CompleteUploadAsync(name, id, tags, guard.Token).ConfigureAwait(false);
            return digest.ToArtifact(key, mediaType);
        }
        catch
        {
            await AbandonAsync(name, id).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Throws away what writers that were killed have left: at most a thousand uploads, and nothing where the server does not answer soon.</summary>
    /// <param name="prefix">Names of their objects begin with this.</param>
    /// <param name="before">Uploads begun later may be under way.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A task that ends when that is done, or could not be.</returns>
    public async Task SweepAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CleanUpTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            foreach (var (name, id, begun) in await requests.ListUploadsAsync(prefix, either.Token).ConfigureAwait(false))
            {
                if (begun < before)
                {
                    await requests.AbortUploadAsync(name, id, either.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (IsFailure(e) && !cancellationToken.IsCancellationRequested)
        {
            // They cost room, and no more; the next start looks again.
        }
    }

    private static bool IsFailure(Exception e) => e is S3ResponseException or HttpRequestException or IOException or OperationCanceledException;

    private static int PartSizeOf(long size) => (int)Math.Max(PartSize, ((size / MaxParts) + (1 << 20)) >> 20 << 20);

    private async Task<IReadOnlyList<string>> SendPartsAsync(
        string name, string id, Stream content, int partSize, ContentDigest digest, StallGuard guard)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(guard.Token);
        var tags = new List<string>();
        var pending = new Queue<(Task<string> Tag, byte[] Buffer)>();
        var buffers = new List<byte[]>();
        try
        {
            int count;
            do
            {
                var buffer = buffers.Count < Buffers ? Rent() : await NextAsync().ConfigureAwait(false);
                count = await content.ReadAtLeastAsync(buffer.AsMemory(0, partSize), partSize, throwOnEndOfStream: false, guard.Token).ConfigureAwait(false);
                guard.Progress();
                digest.Append(buffer.AsSpan(0, count));
                if (count > 0)
                {
                    var number = tags.Count + pending.Count + 1;
                    pending.Enqueue((requests.PutPartAsync(name, id, number, buffer.AsMemory(0, count), guard.Progress, stop.Token), buffer));
                }
            }
            while (count == partSize);

            while (pending.Count > 0)
            {
                await NextAsync().ConfigureAwait(false);
            }

            return tags;
        }
        finally
        {
            // A part on its way after a failure still reads from its buffer.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending.Select(part => part.Tag))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            buffers.ForEach(buffer => parts.Return(buffer));
        }

        byte[] Rent()
        {
            buffers.Add(parts.Rent(partSize));
            return buffers[^1];
        }

        async Task<byte[]> NextAsync()
        {
            var (tag, buffer) = pending.Dequeue();
            tags.Add(await tag.ConfigureAwait(false));
            return buffer;
        }
    }

    private async Task AbandonAsync(string name, string id)
    {
        try
        {
            // The caller's token may be what ended the upload, so the clean-up has a time of its own.
            using var timeout = new CancellationTokenSource(CleanUpTimeout, timeProvider);
            await requests.AbortUploadAsync(name, id, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            // What ended the upload says more than what ended the clean-up; a later start sweeps such parts.
        }
    }
}

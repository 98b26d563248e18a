using System.Buffers;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>Sends an object in parts, several at a time, and takes its digest as it reads them.</summary>
/// <param name="requests">The requests.</param>
/// <param name="timeProvider">Clock of the clean-up.</param>
internal sealed class S3Upload(S3Requests requests, TimeProvider timeProvider)
{
    private const int PartSize = 8 << 20;

    // Two parts keep server and network busy; the third is read and hashed meanwhile.
    private const int Parallel = 3;
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

    private static int PartSizeOf(long size) => (int)Math.Max(PartSize, ((size / MaxParts) + (1 << 20)) >> 20 << 20);

    private async Task<IReadOnlyList<string>> SendPartsAsync(
        string name, string id, Stream content, int partSize, ContentDigest digest, StallGuard guard)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(guard.Token);
        var tags = new List<string>();
        var pending = new Queue<Task<string>>();
        try
        {
            for (var number = 1; ; number++)
            {
                if (pending.Count == Parallel)
                {
                    tags.Add(await pending.Dequeue().ConfigureAwait(false));
                }

                var buffer = ArrayPool<byte>.Shared.Rent(partSize);
                var count = await ReadPartAsync(content, buffer, partSize, digest, guard).ConfigureAwait(false);
                if (count == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    break;
                }

                pending.Enqueue(SendPartAsync(name, id, number, buffer, count, guard, stop.Token));
                if (count < partSize)
                {
                    break;
                }
            }

            while (pending.TryDequeue(out var part))
            {
                tags.Add(await part.ConfigureAwait(false));
            }

            return tags;
        }
        catch
        {
            // The buffers of parts on their way must not be handed to anyone else before these have ended.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static async Task<int> ReadPartAsync(Stream content, byte[] buffer, int partSize, ContentDigest digest, StallGuard guard)
    {
        try
        {
            var count = await content.ReadAtLeastAsync(buffer.AsMemory(0, partSize), partSize, throwOnEndOfStream: false, guard.Token).ConfigureAwait(false);
            guard.Progress();
            digest.Append(buffer.AsSpan(0, count));
            return count;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private async Task<string> SendPartAsync(
        string name, string id, int number, byte[] buffer, int count, StallGuard guard, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.PutPartAsync(name, id, number, buffer.AsMemory(0, count), guard.Progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
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
        catch (Exception e) when (e is S3ResponseException or HttpRequestException or IOException or OperationCanceledException)
        {
            // What ended the upload says more than what ended the clean-up; the bucket's lifecycle rule removes such parts in the end.
        }
    }
}

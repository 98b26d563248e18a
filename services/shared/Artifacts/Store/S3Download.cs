using System.Buffers;
using System.Net;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Artifacts.Store;

/// <summary>Reads an object: a small one in one request, a large one in ranges, several at a time, written in order.</summary>
/// <param name="requests">The requests.</param>
/// <param name="parts">Lends the memory of the ranges.</param>
/// <param name="digestHeader">Header under which small objects carry their digest.</param>
internal sealed class S3Download(S3Requests requests, ArrayPool<byte> parts, string digestHeader)
{
    private const int RangeSize = S3Upload.PartSize;
    private const int BufferSize = 1 << 17;

    /// <summary>Reads an object to its end.</summary>
    /// <param name="name">Name of the object in its bucket.</param>
    /// <param name="artifact">The reference; its size decides how it is read where it has a digest.</param>
    /// <param name="destination">Receives the bytes in order.</param>
    /// <param name="digest">Sees the bytes.</param>
    /// <param name="guard">Watches the transfer.</param>
    /// <param name="received">Called with the number of bytes before they are written.</param>
    /// <returns>What the server says of the object: its size, and its digest where it carries one.</returns>
    public async Task<Artifact> RunAsync(
        string name, Artifact artifact, Stream destination, ContentDigest digest, StallGuard guard, Action<int> received)
    {
        var known = artifact.Sha256.Length > 0;
        var sink = new Sink(destination, digest, guard, received);
        using var first = await FirstAsync(name, known && artifact.SizeBytes <= RangeSize, guard.Token).ConfigureAwait(false);
        guard.Progress();
        var size = first.Content.Headers.ContentRange?.Length ?? first.Content.Headers.ContentLength ?? -1;
        if (known && size >= 0 && size != artifact.SizeBytes)
        {
            throw new ArtifactDamagedException(artifact.Key, $"it has {size} bytes, expected {artifact.SizeBytes}.");
        }

        var read = first.Content.Headers.ContentRange?.To + 1 ?? size;
        if (read < size)
        {
            var tag = first.Headers.TryGetValues("ETag", out var tags) ? tags.FirstOrDefault() : null;
            await RangesAsync(name, first, (read, size), tag, sink).ConfigureAwait(false);
        }
        else
        {
            await sink.CopyAsync(first).ConfigureAwait(false);
        }

        return new Artifact
        {
            Key = artifact.Key,
            Sha256 = first.Headers.TryGetValues(digestHeader, out var digests) ? digests.First() : "",
            SizeBytes = size >= 0 ? size : digest.Length,
        };
    }

    private async Task<HttpResponseMessage> FirstAsync(string name, bool whole, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.GetAsync(name, whole ? null : (0, RangeSize - 1), tag: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is S3ResponseException { Status: HttpStatusCode.RequestedRangeNotSatisfiable }
            or HttpRequestException { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            // An empty object has no first byte.
            return await requests.GetAsync(name, range: null, tag: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RangesAsync(string name, HttpResponseMessage first, (long From, long To) rest, string? tag, Sink sink)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(sink.Guard.Token);
        var buffers = Enumerable.Range(0, S3Upload.Buffers).Select(_ => parts.Rent(RangeSize)).ToList();
        var free = new Stack<byte[]>(buffers);
        var pending = new Queue<Task<ArraySegment<byte>>>();
        var from = rest.From;
        try
        {
            Fill();
            await sink.CopyAsync(first).ConfigureAwait(false);
            while (pending.TryDequeue(out var range))
            {
                var bytes = await range.ConfigureAwait(false);
                Fill();
                await sink.WriteAsync(bytes).ConfigureAwait(false);
                free.Push(bytes.Array!);
                Fill();
            }
        }
        finally
        {
            // A range on its way after a failure still writes into its buffer.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            buffers.ForEach(buffer => parts.Return(buffer));
        }

        void Fill()
        {
            while (from < rest.To && free.TryPop(out var buffer))
            {
                var bytes = new ArraySegment<byte>(buffer, 0, (int)Math.Min(RangeSize, rest.To - from));
                pending.Enqueue(RangeAsync(name, from, bytes, tag, sink.Guard, stop.Token));
                from += bytes.Count;
            }
        }
    }

    private async Task<ArraySegment<byte>> RangeAsync(
        string name, long from, ArraySegment<byte> bytes, string? tag, StallGuard guard, CancellationToken cancellationToken)
    {
        using var response = await requests.GetAsync(name, (from, from + bytes.Count - 1), tag, cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentRange is not { From: { } first, To: { } last } || first != from || last != from + bytes.Count - 1)
        {
            throw new IOException("the server gave another range than the one asked for");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        for (var done = 0; done < bytes.Count;)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(done), cancellationToken).ConfigureAwait(false);
            done += read > 0 ? read : throw new IOException("the server ended a range before its end");
            guard.Progress();
        }

        return bytes;
    }

    private sealed class Sink(Stream destination, ContentDigest digest, StallGuard guard, Action<int> received)
    {
        public StallGuard Guard => guard;

        public async Task CopyAsync(HttpResponseMessage response)
        {
            var stream = await response.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                int count;
                while ((count = await stream.ReadAsync(buffer, guard.Token).ConfigureAwait(false)) > 0)
                {
                    guard.Progress();
                    await WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            digest.Append(bytes.Span);
            received(bytes.Length);
            await destination.WriteAsync(bytes, guard.Token).ConfigureAwait(false);
        }
    }
}

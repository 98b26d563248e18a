using System.Security.Cryptography;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Transfers;

/// <summary>
/// An upload's chunks as one stream for the store: the next message is asked for only when the last one is read. Its end is
/// reached only if length and digest are as announced; otherwise reading throws, and the store keeps nothing.
/// </summary>
internal sealed class UploadStream(IAsyncStreamReader<UploadArtifactRequest> requests, UploadHeader header) : Stream
{
    public const int MaxChunk = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlyMemory<byte> _rest;
    private long _read;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty && !_ended)
        {
            await NextAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An upload is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await requests.NextAsync(cancellationToken).ConfigureAwait(false))
        {
            _ended = true;
            var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
            if (_read != header.SizeBytes || digest != header.Sha256)
            {
                throw Damaged($"{_read} bytes with SHA-256 {digest} came");
            }

            return;
        }

        if (requests.Current.MessageCase != UploadArtifactRequest.MessageOneofCase.Chunk)
        {
            throw ServiceException.InvalidArgument("chunk", "Every message after the first carries a chunk.");
        }

        var chunk = requests.Current.Chunk;
        if (chunk.Length > MaxChunk)
        {
            throw ServiceException.InvalidArgument("chunk", $"A chunk has at most {MaxChunk} bytes, this one has {chunk.Length}.");
        }

        _read += chunk.Length;
        if (_read > header.SizeBytes)
        {
            throw Damaged("more bytes came");
        }

        _hash.AppendData(chunk.Span);
        _rest = chunk.Memory;
    }

    private ServiceException Damaged(string what) => new(
        StatusCode.DataLoss,
        "UPLOAD_DAMAGED",
        $"{header.SizeBytes} bytes with SHA-256 {header.Sha256} were announced, but {what}; send it again.");
}

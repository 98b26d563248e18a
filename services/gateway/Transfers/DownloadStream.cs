using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Transfers;

/// <summary>What the store writes here goes to the caller in chunks; a write ends when the caller's side has room again.</summary>
internal sealed class DownloadStream(IServerStreamWriter<DownloadArtifactResponse> responses) : Stream
{
    public const int MaxChunk = 256 << 10;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, MaxChunk);
            // Copied: the store uses its buffer again as soon as this returns.
            var response = new DownloadArtifactResponse { Chunk = ByteString.CopyFrom(buffer.Span[..count]) };
            await responses.WriteAsync(response, cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A download is written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

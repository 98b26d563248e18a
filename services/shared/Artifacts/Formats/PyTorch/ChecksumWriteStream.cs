namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>Counts and sums what is written to another stream, which it leaves open.</summary>
internal sealed class ChecksumWriteStream(Stream inner) : Stream
{
    private Crc32 _crc;

    public long Count { get; private set; }

    public uint Crc => _crc.Value;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("The stream is sequential.");

    public override long Position
    {
        get => throw new NotSupportedException("The stream is sequential.");
        set => throw new NotSupportedException("The stream is sequential.");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Count += buffer.Length;
        _crc.Append(buffer);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count += buffer.Length;
        _crc.Append(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is write-only.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream is sequential.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream is sequential.");
}

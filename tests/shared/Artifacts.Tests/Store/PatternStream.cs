namespace IntraDA.Artifacts.Tests.Store;

/// <summary>Many bytes from nowhere: byte i is i mod 251.</summary>
internal sealed class PatternStream(long length, bool seekable) : Stream
{
    private long _position;

    /// <summary>Something to do when reading comes to a byte.</summary>
    public (long Byte, Action Act)? AtByte { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => seekable;

    public override bool CanWrite => false;

    public override long Length => seekable ? length : throw new NotSupportedException();

    public override long Position
    {
        get => seekable ? _position : throw new NotSupportedException();
        set => _position = seekable ? value : throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (AtByte is { } at && _position >= at.Byte)
        {
            at.Act();
        }

        var count = (int)Math.Min(buffer.Length, length - _position);
        for (var i = 0; i < count; i++)
        {
            buffer[i] = (byte)((_position + i) % 251);
        }

        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

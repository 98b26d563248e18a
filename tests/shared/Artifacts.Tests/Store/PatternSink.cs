namespace IntraDA.Artifacts.Tests.Store;

/// <summary>Checks the bytes of a <see cref="PatternStream"/> and keeps none.</summary>
internal sealed class PatternSink : Stream
{
    public (long Byte, Action Act)? AtByte { get; init; }

    public long Count { get; private set; }

    public bool IsIntact { get; private set; } = true;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (AtByte is { } at && Count >= at.Byte)
        {
            at.Act();
        }

        foreach (var value in buffer)
        {
            IsIntact &= value == Count++ % 251;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

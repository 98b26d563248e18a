namespace IntraDA.Artifacts.Store;

/// <summary>A memory stream that refuses to grow beyond a limit.</summary>
internal sealed class BoundedMemoryStream : MemoryStream
{
    private readonly string _key;
    private readonly int _limit;

    public BoundedMemoryStream(string key, int limit, long expected)
        : base((int)Math.Clamp(expected, 0, limit))
    {
        _key = key;
        _limit = limit;
        Require(expected);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Require(Position + count);
        base.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Require(Position + buffer.Length);
        base.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Require(Position + count);
        return base.WriteAsync(buffer, offset, count, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Require(Position + buffer.Length);
        return base.WriteAsync(buffer, cancellationToken);
    }

    private void Require(long length)
    {
        if (length > _limit)
        {
            throw new ArtifactStoreException($"The artefact '{_key}' is longer than the {_limit} bytes that are read of its kind.", isTransient: false);
        }
    }
}

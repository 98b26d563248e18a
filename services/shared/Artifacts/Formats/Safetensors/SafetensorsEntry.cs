namespace IntraDA.Artifacts.Formats.Safetensors;

/// <summary>A tensor to write.</summary>
public sealed class SafetensorsEntry
{
    /// <summary>A tensor whose bytes are written when their turn comes, so that not all need be in memory at once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dataType">Type of its elements.</param>
    /// <param name="shape">Its dimensions; empty for a scalar.</param>
    /// <param name="write">Writes exactly the tensor's bytes: little-endian, row-major.</param>
    public SafetensorsEntry(string name, SafetensorsDataType dataType, IReadOnlyList<long> shape, Func<Stream, CancellationToken, ValueTask> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(write);
        Name = name;
        DataType = dataType;
        Shape = [.. shape];
        Write = write;
        Length = SafetensorsHeader.ByteCount(name, dataType, Shape);
    }

    /// <summary>A tensor whose bytes are at hand.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dataType">Type of its elements.</param>
    /// <param name="shape">Its dimensions; empty for a scalar.</param>
    /// <param name="bytes">Its bytes: little-endian, row-major.</param>
    public SafetensorsEntry(string name, SafetensorsDataType dataType, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes)
        : this(name, dataType, shape, (stream, cancellationToken) => stream.WriteAsync(bytes, cancellationToken))
    {
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Type of its elements.</summary>
    public SafetensorsDataType DataType { get; }

    /// <summary>Its dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    internal Func<Stream, CancellationToken, ValueTask> Write { get; }
}

using System.Buffers.Binary;

namespace IntraDA.Artifacts.Formats.Safetensors;

/// <summary>Reads a safetensors file: the header at once and checked in full, tensors when asked for.</summary>
/// <remarks>Not for concurrent use: reading moves the stream.</remarks>
public sealed class SafetensorsReader
{
    /// <summary>Media type of stored safetensors files.</summary>
    public const string MediaType = "application/vnd.safetensors";

    private readonly Stream _stream;
    private readonly long _start;
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    private SafetensorsReader(
        Stream stream, long start, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        _stream = stream;
        _start = start;
        Tensors = tensors;
        Metadata = metadata;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors, in ordinal order of their names.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Entries of <c>__metadata__</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header.</summary>
    /// <param name="stream">Seekable, at the first byte of the file, which goes to its end. Stays the caller's to dispose, after the reader's use.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ArtifactFormatException">It is no safetensors file; the message names the tensor and the problem.</exception>
    public static async Task<SafetensorsReader> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            throw new ArgumentException("A safetensors file is read from a seekable stream.", nameof(stream));
        }

        var start = stream.Position;
        var length = stream.Length - start;
        SafetensorsHeader.Require(length >= SafetensorsHeader.LengthBytes, $"it has {length} bytes, and the length of the header alone takes 8");
        var prefix = new byte[SafetensorsHeader.LengthBytes];
        await stream.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        SafetensorsHeader.Require(
            headerLength <= SafetensorsHeader.MaxBytes, $"a header of {headerLength} bytes is announced, at most {SafetensorsHeader.MaxBytes} are read");
        SafetensorsHeader.Require(
            (long)headerLength <= length - SafetensorsHeader.LengthBytes, $"a header of {headerLength} bytes is announced and {length - SafetensorsHeader.LengthBytes} are there");
        var header = new byte[headerLength];
        await stream.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        var (tensors, metadata) = SafetensorsHeader.Parse(header, length);
        return new SafetensorsReader(stream, start, tensors, metadata);
    }

    /// <summary>A tensor's entry.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The entry, or null where there is none of the name.</returns>
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor's bytes: little-endian, row-major.</summary>
    /// <param name="tensor">An entry of <see cref="Tensors"/>.</param>
    /// <param name="destination">Exactly <see cref="SafetensorsTensor.Length"/> bytes.</param>
    public void Read(SafetensorsTensor tensor, Span<byte> destination)
    {
        Seek(tensor, destination.Length);
        _stream.ReadExactly(destination);
    }

    /// <summary>Reads a tensor's bytes: little-endian, row-major.</summary>
    /// <param name="tensor">An entry of <see cref="Tensors"/>.</param>
    /// <param name="destination">Exactly <see cref="SafetensorsTensor.Length"/> bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the bytes read.</returns>
    public ValueTask ReadAsync(SafetensorsTensor tensor, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Seek(tensor, destination.Length);
        return _stream.ReadExactlyAsync(destination, cancellationToken);
    }

    private void Seek(SafetensorsTensor tensor, int length)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (length != tensor.Length)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}' has {tensor.Length} bytes, the destination {length}.", nameof(length));
        }

        _stream.Position = _start + tensor.Offset;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>Bytes of a pickle, none of which is read twice and none beyond its limit.</summary>
internal sealed class PickleSource
{
    private readonly Stream _stream;
    private readonly long _end;
    private readonly byte[] _buffer = new byte[1 << 14];
    private long _bufferEnd;
    private int _next;
    private int _filled;

    /// <summary>Reads from where a stream stands.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="length">Bytes that may be read.</param>
    public PickleSource(Stream stream, long length)
    {
        _stream = stream;
        _bufferEnd = stream.Position;
        _end = stream.Position + length;
    }

    /// <summary>Offset in the stream of the next byte.</summary>
    public long Position => _bufferEnd - (_filled - _next);

    private long Remaining => _end - Position;

    public byte ReadByte()
    {
        if (_next == _filled)
        {
            Fill();
        }

        return _buffer[_next++];
    }

    public byte[] ReadBytes(long count)
    {
        // Asked for before anything is allocated: a length is a claim until the bytes are there.
        if (count < 0 || count > Remaining)
        {
            throw Truncated();
        }

        var bytes = new byte[count];
        var done = 0;
        while (done < bytes.Length)
        {
            if (_next == _filled)
            {
                Fill();
            }

            var part = Math.Min(_filled - _next, bytes.Length - done);
            _buffer.AsSpan(_next, part).CopyTo(bytes.AsSpan(done));
            _next += part;
            done += part;
        }

        return bytes;
    }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>Reads a length or index of 8 bytes.</summary>
    /// <returns>The number; negative where it exceeds 2^63-1, which no length does.</returns>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(8));

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(ReadBytes(8));

    /// <summary>Reads to the next line feed.</summary>
    /// <returns>The line without it, one character a byte.</returns>
    public string ReadLine()
    {
        var line = new StringBuilder();
        while (ReadByte() is var value && value != '\n')
        {
            if (line.Length == PickleLimits.Line)
            {
                throw new ArtifactFormatException($"The checkpoint is damaged: a line of its pickle has more than {PickleLimits.Line} bytes.");
            }

            line.Append((char)value);
        }

        return line.ToString();
    }

    private void Fill()
    {
        var wanted = (int)Math.Min(_buffer.Length, _end - _bufferEnd);
        if (wanted <= 0)
        {
            throw Truncated();
        }

        // What is between two pickles of a stream is read by others, who move it.
        _stream.Position = _bufferEnd;
        _filled = _stream.Read(_buffer, 0, wanted);
        _next = 0;
        _bufferEnd += _filled;
        if (_filled == 0)
        {
            throw Truncated();
        }
    }

    private static ArtifactFormatException Truncated() => new("The checkpoint is truncated or damaged: it ends within its list of tensors.");
}

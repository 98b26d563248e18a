using System.Text;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Many ids in little memory: UTF-8 in a few large blocks instead of one object each.</summary>
/// <remarks>
/// The order of ids is that of their UTF-8 bytes, which is the order of code points: what Python sorts strings by, and for all
/// characters of the basic plane what .NET calls ordinal.
/// </remarks>
public sealed class IdColumn
{
    /// <summary>Greatest length of an id in bytes of UTF-8.</summary>
    public const int MaxIdBytes = (1 << LengthBits) - 1;

    private const int LengthBits = 16;
    private const int PositionBits = 24;
    private const int BlockSize = 1 << PositionBits;
    private readonly List<byte[]> _blocks = [];

    // Block (24 bits), position in it (24) and length (16) of each id.
    private readonly ulong[] _places;
    private int _position = BlockSize;

    /// <summary>An empty column.</summary>
    /// <param name="capacity">Number of ids to come.</param>
    public IdColumn(int capacity) => _places = new ulong[capacity];

    /// <summary>Number of ids.</summary>
    public int Count { get; private set; }

    /// <summary>An id.</summary>
    /// <param name="index">Its position.</param>
    public string this[int index] => Encoding.UTF8.GetString(Utf8(index));

    /// <summary>An id's bytes.</summary>
    /// <param name="index">Its position.</param>
    /// <returns>UTF-8.</returns>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var place = _places[index];
        var length = (int)(place & MaxIdBytes);
        var position = (int)((place >> LengthBits) & (BlockSize - 1));
        return _blocks[(int)(place >> (LengthBits + PositionBits))].AsSpan(position, length);
    }

    /// <summary>Compares two ids by their bytes.</summary>
    /// <param name="first">Position of one.</param>
    /// <param name="second">Position of the other.</param>
    /// <returns>Less than, equal to or greater than 0.</returns>
    public int Compare(int first, int second) => Utf8(first).SequenceCompareTo(Utf8(second));

    internal void Append(string id)
    {
        var length = Encoding.UTF8.GetByteCount(id);
        if (length is 0 or > MaxIdBytes)
        {
            throw new ArtifactFormatException($"An id has {length} bytes; 1 to {MaxIdBytes} are allowed.");
        }

        if (_position + length > BlockSize)
        {
            _blocks.Add(new byte[BlockSize]);
            _position = 0;
        }

        Encoding.UTF8.GetBytes(id, _blocks[^1].AsSpan(_position));
        _places[Count++] = ((ulong)(_blocks.Count - 1) << (LengthBits + PositionBits)) | ((ulong)_position << LengthBits) | (uint)length;
        _position += length;
    }
}

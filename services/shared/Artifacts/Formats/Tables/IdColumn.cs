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

    // Ids looked up together: enough that the memory's latency is paid for many at once.
    private const int Batch = 64;
    private readonly Lock _growing = new();

    // Block (24 bits), position in it (24) and length (16) of each id.
    private readonly ulong[] _places;
    private byte[][] _blocks = [];

    /// <summary>A column whose ids are still to be filled in.</summary>
    /// <param name="count">Number of ids.</param>
    internal IdColumn(int count) => _places = new ulong[count];

    /// <summary>Number of ids.</summary>
    public int Count => _places.Length;

    /// <summary>An id.</summary>
    /// <param name="index">Its position.</param>
    public string this[int index] => Encoding.UTF8.GetString(Utf8(index));

    /// <summary>An id's bytes.</summary>
    /// <param name="index">Its position.</param>
    /// <returns>UTF-8.</returns>
    public ReadOnlySpan<byte> Utf8(int index) => At(_places[index]);

    /// <summary>Compares two ids by their bytes.</summary>
    /// <param name="first">Position of one.</param>
    /// <param name="second">Position of the other.</param>
    /// <returns>Less than, equal to or greater than 0.</returns>
    public int Compare(int first, int second) => Utf8(first).SequenceCompareTo(Utf8(second));

    /// <summary>Copies ids one after the other, each followed by '\n'.</summary>
    /// <param name="indices">Their positions, in any order.</param>
    /// <param name="text">Receives UTF-8; replaced by a longer array where it is too short.</param>
    /// <param name="ends">Receives the end of each id in the text, its '\n' not counted; as many as there are indices.</param>
    public void CopyLines(ReadOnlySpan<int> indices, ref byte[] text, Span<int> ends)
    {
        Span<ulong> places = stackalloc ulong[Batch];
        var position = 0;
        for (var start = 0; start < indices.Length; start += Batch)
        {
            var batch = indices.Slice(start, Math.Min(Batch, indices.Length - start));
            var length = Locate(batch, places);
            if (text.Length - position < length)
            {
                Array.Resize(ref text, Math.Max(text.Length * 2, position + length));
            }

            for (var i = 0; i < batch.Length; i++)
            {
                var id = At(places[i]);
                id.CopyTo(text.AsSpan(position));
                position += id.Length;
                ends[start + i] = position;
                text[position++] = (byte)'\n';
            }
        }
    }

    /// <summary>Fills in a run of ids. Runs may be filled in by several threads at a time.</summary>
    /// <param name="start">Position of the first.</param>
    /// <param name="ids">UTF-8.</param>
    /// <exception cref="ArtifactFormatException">An id is empty, too long or not UTF-8.</exception>
    internal void Fill(int start, ReadOnlySpan<ReadOnlyMemory<byte>> ids)
    {
        for (var first = 0; first < ids.Length;)
        {
            var (count, size) = (0, 0);
            while (first + count < ids.Length && size + ids[first + count].Length <= BlockSize)
            {
                var length = ids[first + count].Length;
                size += length is > 0 and <= MaxIdBytes
                    ? length
                    : throw new ArtifactFormatException($"An id has {length} bytes; 1 to {MaxIdBytes} are allowed.");
                count++;
            }

            FillBlock(start + first, ids.Slice(first, count), GC.AllocateUninitializedArray<byte>(size));
            first += count;
        }
    }

    private void FillBlock(int start, ReadOnlySpan<ReadOnlyMemory<byte>> ids, byte[] block)
    {
        var prefix = (ulong)Add(block) << (LengthBits + PositionBits);
        var position = 0;
        var split = false;
        for (var i = 0; i < ids.Length; i++)
        {
            var id = ids[i].Span;
            id.CopyTo(block.AsSpan(position));
            _places[start + i] = prefix | ((ulong)position << LengthBits) | (uint)id.Length;
            position += id.Length;

            // A character must not begin in one id and end in the next.
            split |= (id[0] & 0xC0) == 0x80;
        }

        if (split || !System.Text.Unicode.Utf8.IsValid(block))
        {
            throw new ArtifactFormatException("An id is not UTF-8 text.");
        }
    }

    private int Add(byte[] block)
    {
        lock (_growing)
        {
            // Readers of earlier runs may hold the old array: it is replaced, never changed.
            _blocks = [.. _blocks, block];
            return _blocks.Length - 1;
        }
    }

    /// <summary>Looks places up, and touches the bytes there so that they are on their way from memory all at once.</summary>
    private int Locate(ReadOnlySpan<int> indices, Span<ulong> places)
    {
        var length = indices.Length;
        for (var i = 0; i < indices.Length; i++)
        {
            places[i] = _places[indices[i]];
            length += (int)(places[i] & MaxIdBytes);
        }

        var touched = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            var id = At(places[i]);
            touched |= id[0] ^ id[^1];
        }

        // The sum is always positive; the term keeps the loop above from being left out.
        return length + (touched >> 8);
    }

    private ReadOnlySpan<byte> At(ulong place)
    {
        var length = (int)(place & MaxIdBytes);
        var position = (int)((place >> LengthBits) & (BlockSize - 1));
        return _blocks[(int)(place >> (LengthBits + PositionBits))].AsSpan(position, length);
    }
}

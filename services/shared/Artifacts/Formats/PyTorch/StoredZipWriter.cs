using System.Buffers.Binary;
using System.Text;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// Writes a zip archive without compression whose entries begin at multiples of 64 bytes, so that readers may map them, to a stream
/// that need not be seekable. Equal entries give equal bytes. Up to 4 GiB and 65 535 entries, the limits of plain zip archives.
/// </summary>
/// <param name="stream">Receives the archive.</param>
internal sealed class StoredZipWriter(Stream stream)
{
    public const int MaxEntries = ushort.MaxValue - 1;
    public const long MaxBytes = uint.MaxValue;

    private const int Alignment = 64;
    private const ushort PaddingId = 0x4246;
    private const ushort Flags = 0x0808;
    private const ushort NeededVersion = 20;

    // 1 January 1980, where the format's calendar begins: the clock is not part of the content.
    private const uint Date = 0x0021_0000;

    private readonly List<(byte[] Name, uint Crc, uint Size, uint Offset)> _entries = [];
    private long _position;

    /// <summary>Adds an entry.</summary>
    /// <param name="name">ASCII path.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the entry written.</returns>
    public async Task AddAsync(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        var bytes = Encoding.ASCII.GetBytes(name);
        var offset = _position;
        await PutAsync(LocalHeader(bytes), cancellationToken).ConfigureAwait(false);
        var content = new ChecksumWriteStream(stream);
        await using (content.ConfigureAwait(false))
        {
            await write(content, cancellationToken).ConfigureAwait(false);
        }

        _position += content.Count;
        var entry = (bytes, content.Crc, checked((uint)content.Count), checked((uint)offset));
        _entries.Add(entry);
        await PutAsync(Descriptor(entry.Item2, entry.Item3), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the archive.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the directory written.</returns>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        var start = _position;
        foreach (var (name, crc, size, offset) in _entries)
        {
            await PutAsync(DirectoryEntry(name, crc, size, offset), cancellationToken).ConfigureAwait(false);
        }

        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), checked((ushort)_entries.Count));
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), checked((ushort)_entries.Count));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), checked((uint)(_position - start)));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), checked((uint)start));
        await PutAsync(end, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    // Sum and sizes are not known yet where the stream cannot go back: a descriptor behind the content and the directory have them.
    private byte[] LocalHeader(byte[] name)
    {
        const int FixedBytes = 30;
        const int ExtraBytes = 4;
        var unpadded = _position + FixedBytes + name.Length + ExtraBytes;
        var padding = (int)((Alignment - (unpadded % Alignment)) % Alignment);
        var header = new byte[FixedBytes + name.Length + ExtraBytes + padding];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), NeededVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(10), Date);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)(ExtraBytes + padding));
        name.CopyTo(header.AsSpan(FixedBytes));
        var extra = header.AsSpan(FixedBytes + name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(extra, PaddingId);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], (ushort)padding);
        extra[ExtraBytes..].Fill((byte)'Z');
        return header;
    }

    private static byte[] Descriptor(uint crc, uint size)
    {
        var descriptor = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, 0x08074b50);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(4), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(8), size);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(12), size);
        return descriptor;
    }

    private static byte[] DirectoryEntry(byte[] name, uint crc, uint size, uint offset)
    {
        const int FixedBytes = 46;
        var entry = new byte[FixedBytes + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), NeededVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(6), NeededVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(8), Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(12), Date);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(16), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), size);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(24), size);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(28), (ushort)name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), offset);
        name.CopyTo(entry.AsSpan(FixedBytes));
        return entry;
    }

    private async Task PutAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        _position += bytes.Length;
    }
}

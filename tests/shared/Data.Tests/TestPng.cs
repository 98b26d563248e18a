using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using IntraDA.Data.Images;

namespace IntraDA.Data.Tests;

/// <summary>Writes every kind of PNG, written from the specification and apart from the reader under test.</summary>
internal sealed class TestPng(int width, int height, PngColorType colorType, int bitDepth, bool interlaced = false)
{
    public int Channels => colorType switch { PngColorType.Rgb => 3, PngColorType.GrayAlpha => 2, PngColorType.Rgba => 4, _ => 1 };

    /// <summary>Splits the compressed data into chunks of this many bytes.</summary>
    public int ChunkBytes { get; init; } = int.MaxValue;

    /// <summary>Chunks to put before the image data.</summary>
    public IReadOnlyList<byte[]> Extra { get; init; } = [];

    /// <summary>Samples that depend on place and channel and use all bits.</summary>
    public ushort[] Samples() =>
        [.. Enumerable.Range(0, width * height * Channels).Select(i => (ushort)(((i * 2654435761L) >> 7) & ((1 << bitDepth) - 1)))];

    public byte[] Encode(ushort[] samples) => File(Compress(Scanlines(samples)));

    /// <summary>A file around compressed data, right or wrong.</summary>
    public byte[] File(byte[] compressed)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        file.Write(Header((uint)width, (uint)height));
        if (colorType == PngColorType.Palette)
        {
            file.Write(Chunk("PLTE", [.. Enumerable.Range(0, 3 << bitDepth).Select(i => (byte)(255 - (i * 5)))]));
        }

        foreach (var extra in Extra)
        {
            file.Write(extra);
        }

        foreach (var part in compressed.Chunk(ChunkBytes))
        {
            file.Write(Chunk("IDAT", part));
        }

        file.Write(Chunk("IEND", []));
        return file.ToArray();
    }

    public byte[] Header(uint headerWidth, uint headerHeight)
    {
        var body = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(body, headerWidth);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), headerHeight);
        body[8] = (byte)bitDepth;
        body[9] = (byte)colorType;
        body[12] = interlaced ? (byte)1 : (byte)0;
        return Chunk("IHDR", body);
    }

    public static byte[] Chunk(string type, byte[] body)
    {
        var chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        body.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), SlowCrc(chunk.AsSpan(4, 4 + body.Length)));
        return chunk;
    }

    public static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            zlib.Write(content);
        }

        return compressed.ToArray();
    }

    private static uint SlowCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u * (crc & 1));
            }
        }

        return ~crc;
    }

    public byte[] Scanlines(ushort[] samples)
    {
        using var lines = new MemoryStream();
        if (!interlaced)
        {
            WritePass(lines, samples, [.. Enumerable.Range(0, width)], [.. Enumerable.Range(0, height)]);
            return lines.ToArray();
        }

        // Pass of each pixel of an 8x8 block, from the specification's figure.
        string[] passes = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];
        for (var pass = '1'; pass <= '7'; pass++)
        {
            var rows = Enumerable.Range(0, height).Where(y => passes[y % 8].Contains(pass)).ToArray();
            var columns = rows.Length == 0 ? [] : Enumerable.Range(0, width).Where(x => passes[rows[0] % 8][x % 8] == pass).ToArray();
            if (columns.Length > 0)
            {
                WritePass(lines, samples, columns, rows);
            }
        }

        return lines.ToArray();
    }

    private void WritePass(MemoryStream lines, ushort[] samples, int[] columns, int[] rows)
    {
        var above = new byte[((columns.Length * Channels * bitDepth) + 7) / 8];
        for (var r = 0; r < rows.Length; r++)
        {
            var row = Pack([.. columns.SelectMany(x => Enumerable.Range(0, Channels).Select(c => samples[(((rows[r] * width) + x) * Channels) + c]))]);
            lines.WriteByte((byte)(r % 5));
            lines.Write(Filter(r % 5, row, above));
            above = row;
        }
    }

    private byte[] Pack(ushort[] row)
    {
        var bits = string.Concat(row.Select(sample => Convert.ToString(sample, 2).PadLeft(bitDepth, '0')));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '0');
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2))];
    }

    private byte[] Filter(int filter, byte[] row, byte[] above)
    {
        var distance = Math.Max(1, Channels * bitDepth / 8);
        var filtered = new byte[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance];
            var guess = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Nearest(a, b, c) };
            filtered[i] = (byte)(row[i] - guess);
        }

        return filtered;
    }

    private static int Nearest(int a, int b, int c) => new[] { a, b, c }.MinBy(value => Math.Abs(a + b - c - value));
}

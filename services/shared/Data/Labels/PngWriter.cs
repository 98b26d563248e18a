using System.Buffers.Binary;
using System.IO.Compression;
using IntraDA.Data.Images;

namespace IntraDA.Data.Labels;

/// <summary>Writes maps of ids and numbers as PNG; equal input gives equal bytes.</summary>
public static class PngWriter
{
    /// <summary>Writes an 8-bit greyscale PNG.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">[H, W].</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The length is not that of the size.</exception>
    public static byte[] Gray8(int width, int height, ReadOnlySpan<byte> pixels) =>
        Write(width, height, PngColorType.Gray, 8, pixels, []);

    /// <summary>Writes an 8-bit palette PNG.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="indices">[H, W].</param>
    /// <param name="palette">3 bytes (R, G, B) per index, 1 to 256 of them; indices beyond it are written as they are.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The length is not that of the size, or the palette has no whole entries.</exception>
    public static byte[] Palette8(int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette)
    {
        if (palette.Length is 0 or > 768 || palette.Length % 3 != 0)
        {
            throw new ArgumentException($"A palette has 3 to 768 bytes in threes, not {palette.Length}.", nameof(palette));
        }

        return Write(width, height, PngColorType.Palette, 8, indices, palette);
    }

    /// <summary>Writes a 16-bit greyscale PNG.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="samples">[H, W].</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The length is not that of the size.</exception>
    public static byte[] Gray16(int width, int height, ReadOnlySpan<ushort> samples)
    {
        var bytes = new byte[checked(samples.Length * 2)];
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), samples[i]);
        }

        return Write(width, height, PngColorType.Gray, 16, bytes, []);
    }

    private static byte[] Write(
        int width,
        int height,
        PngColorType color,
        int bitDepth,
        ReadOnlySpan<byte> rows,
        ReadOnlySpan<byte> palette)
    {
        if (width < 1 || height < 1 || rows.Length != (long)width * height * (bitDepth / 8))
        {
            throw new ArgumentException($"{rows.Length} bytes are not {width}x{height} samples of {bitDepth} "
                + "bits.", nameof(rows));
        }

        using var file = new MemoryStream();
        file.Write(PngHeader.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)color;
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        if (!palette.IsEmpty)
        {
            WriteChunk(file, "PLTE"u8, palette);
        }

        WriteChunk(file, "IDAT"u8, Compress(rows, height));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Ids have runs and no gradients, for which the filter "none" compresses best.
    private static byte[] Compress(ReadOnlySpan<byte> rows, int height)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var rowBytes = rows.Length / height;
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(rows.Slice(y * rowBytes, rowBytes));
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        var chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc32.Compute(chunk.AsSpan(4, 4 + body.Length)));
        file.Write(chunk);
    }
}

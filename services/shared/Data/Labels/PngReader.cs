using System.IO.Compression;
using IntraDA.Data.Images;

namespace IntraDA.Data.Labels;

/// <summary>
/// Reads the raw samples of a PNG (W3C Portable Network Graphics, third edition): all colour types, 1 to 16 bits, interlaced or not.
/// </summary>
/// <remarks>
/// Image libraries answer with colours, but in a label file the palette index (GTA5) or the first of three 16-bit channels
/// (SYNTHIA) is the class. Every chunk's CRC is checked; a file that is cut off is refused.
/// </remarks>
public static class PngReader
{
    /// <summary>Reads a PNG.</summary>
    /// <param name="png">The whole file.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Checked before samples are allocated.</param>
    /// <param name="channel">The only channel to keep; null for all.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="BadImageException">Not a PNG, damaged, beyond the limits, or without that channel.</exception>
    public static RawPng Read(ReadOnlyMemory<byte> png, string name, ImageLimits limits, int? channel = null)
    {
        limits.CheckBytes(png.Length, name);
        var header = PngHeader.Read(png.Span, name);
        limits.CheckPixels(header.Width, header.Height, name);
        if (channel is { } wanted && (wanted < 0 || wanted >= header.Channels))
        {
            throw new BadImageException(name, $"channel {wanted} is asked for and it has {header.Channels} (the first is 0)");
        }

        var chunks = PngChunks.Read(png.Span, header, name);
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(chunks.Compressed), CompressionMode.Decompress);
            var samples = PngSamples.Read(zlib, header, channel, name);

            // The checksum at the stream's end is only compared when the end is read.
            zlib.ReadByte();
            return new RawPng(header, channel is null ? header.Channels : 1, samples, chunks.Palette);
        }
        catch (InvalidDataException exception)
        {
            throw new BadImageException(name, "its compressed data is damaged", exception);
        }
    }

    /// <summary>Looks over a PNG without making samples of it.</summary>
    /// <param name="png">A file with a whole header.</param>
    /// <param name="name">The file, for messages.</param>
    /// <returns>False where something is missing, damaged or unknown, which a decoder may or may not bear.</returns>
    internal static bool IsWhole(ReadOnlySpan<byte> png, string name)
    {
        var header = PngHeader.Read(png, name);
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(PngChunks.Read(png, header, name).Compressed), CompressionMode.Decompress);
            return PngSamples.HasEveryRow(zlib, header);
        }
        catch (Exception exception) when (exception is BadImageException or InvalidDataException)
        {
            return false;
        }
    }
}

namespace IntraDA.Data.Images;

/// <summary>What the header of a JPEG or PNG says; reading it allocates nothing.</summary>
/// <param name="Format">The encoding.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">Samples per pixel: 1 (greyscale, palette) to 4.</param>
/// <param name="BitDepth">Bits per sample, 1 to 16.</param>
public sealed record ImageHeader(ImageFormat Format, int Width, int Height, int Channels, int BitDepth)
{
    /// <summary>Reads the header.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Refuses more bytes or pixels.</param>
    /// <returns>The header.</returns>
    /// <exception cref="BadImageException">Not a JPEG or PNG that <see cref="ImageDecoder"/> would try to read.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> encoded, string name, ImageLimits limits)
    {
        limits.CheckBytes(encoded.Length, name);
        var header =
            PngHeader.IsPng(encoded) ? FromPng(PngHeader.Read(encoded, name))
            : encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? JpegHeader.Read(encoded, name)
            : throw new BadImageException(name, $"it is {Describe(encoded)}; JPEG and PNG are read");
        limits.CheckPixels(header.Width, header.Height, name);
        if (header.Format == ImageFormat.Jpeg)
        {
            JpegHeader.RefuseImplausible(header, encoded.Length, name);
        }

        return header;
    }

    private static ImageHeader FromPng(PngHeader png) => new(ImageFormat.Png, png.Width, png.Height, png.Channels, png.BitDepth);

    private static string Describe(ReadOnlySpan<byte> encoded) =>
        encoded.StartsWith("GIF8"u8) ? "a GIF"
        : encoded.StartsWith("BM"u8) ? "a BMP"
        : encoded.StartsWith("II*\0"u8) || encoded.StartsWith("MM\0*"u8) ? "a TIFF"
        : encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8) ? "a WebP"
        : encoded.Length >= 12 && encoded[4..].StartsWith("ftyp"u8) ? "a HEIF, AVIF or video file"
        : encoded.IndexOfAnyExcept((byte)0) < 0 ? "all zero bytes"
        : "not an image in a known format";
}

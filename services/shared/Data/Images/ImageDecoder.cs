using System.Buffers;
using SkiaSharp;

namespace IntraDA.Data.Images;

/// <summary>Reads photographs: JPEG and PNG.</summary>
/// <remarks>
/// What the file says is what is returned: EXIF orientation is not applied and colour profiles are not converted, as PIL's
/// <c>Image.open(...).convert("RGB")</c> does, so that networks see the pixels that the published code sees. Greyscale and palettes
/// become RGB, an alpha channel is dropped without blending, of 16-bit samples the high byte is kept. CMYK JPEG, animations and
/// incomplete files are refused.
/// </remarks>
public static class ImageDecoder
{
    // JPEG is decoded at eighths of its size: a block of 8 x 8 becomes a pixel.
    private const float SmallestScale = 1f / 8;
    private const string Fix = "get it again from where it came, or leave it out";

    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="name">The file or item, for messages.</param>
    /// <param name="limits">Checked against the length and the header before pixels are allocated.</param>
    /// <returns>The pixels.</returns>
    /// <exception cref="BadImageException">The file cannot be used.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> encoded, string name, ImageLimits limits)
    {
        var header = ImageHeader.Read(encoded.Span, name, limits);
        return Decode(encoded, header, name);
    }

    /// <summary>Decodes a JPEG at the smallest scale there is, only to learn whether it can be.</summary>
    /// <exception cref="BadImageException">It cannot.</exception>
    internal static unsafe void Verify(ReadOnlyMemory<byte> encoded, ImageHeader header, string name)
    {
        using var pin = encoded.Pin();
        using var data = SKData.Create((nint)pin.Pointer, encoded.Length);
        using var codec = Open(data, header, name);
        var size = codec.GetScaledDimensions(SmallestScale);
        ArrayPool<byte>.Shared.Return(Pixels(codec, size.Width, size.Height, name));
    }

    private static unsafe RgbImage Decode(ReadOnlyMemory<byte> encoded, ImageHeader header, string name)
    {
        using var pin = encoded.Pin();
        using var data = SKData.Create((nint)pin.Pointer, encoded.Length);
        using var codec = Open(data, header, name);
        var rgba = Pixels(codec, header.Width, header.Height, name);
        try
        {
            return new RgbImage(header.Width, header.Height, DropAlpha(rgba, header.Width * header.Height));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    private static SKCodec Open(SKData data, ImageHeader header, string name)
    {
        var codec = SKCodec.Create(data) ?? throw new BadImageException(name, $"it is damaged; {Fix}");
        if (codec.Info.Width == header.Width && codec.Info.Height == header.Height)
        {
            return codec;
        }

        codec.Dispose();
        throw new BadImageException(name, "its headers contradict each other");
    }

    // A rented array, which the caller gives back.
    private static unsafe byte[] Pixels(SKCodec codec, int width, int height, string name)
    {
        // Unpremultiplied, because blending with black would change colours that only the alpha channel hides.
        // No colour space: with one, profiles and gamma chunks would be applied.
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var rgba = ArrayPool<byte>.Shared.Rent(checked(width * height * 4));
        SKCodecResult result;
        fixed (byte* pixels = rgba)
        {
            result = codec.GetPixels(info, (nint)pixels);
        }

        if (result == SKCodecResult.Success)
        {
            return rgba;
        }

        ArrayPool<byte>.Shared.Return(rgba);
        throw new BadImageException(name, $"{(result == SKCodecResult.IncompleteInput ? "it is cut off or damaged" : "it is damaged")}; {Fix}");
    }

    private static byte[] DropAlpha(ReadOnlySpan<byte> rgba, int count)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(count * 3);
        for (int i = 0, from = 0, to = 0; i < count; i++, from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }

        return rgb;
    }
}

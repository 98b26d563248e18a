using SkiaSharp;

namespace IntraDA.Data.Images;

/// <summary>Writes images for people: PNG and JPEG.</summary>
public static class ImageEncoder
{
    /// <summary>Encodes as 8-bit RGB PNG, without loss.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The file.</returns>
    public static byte[] EncodePng(RgbImage image) =>
        EncodeRgb(image, pixmap => pixmap.Encode(SKPngEncoderOptions.Default));

    /// <summary>Encodes as JPEG.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">1 to 100.</param>
    /// <returns>The file.</returns>
    public static byte[] EncodeJpeg(RgbImage image, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return EncodeRgb(image, pixmap => pixmap.Encode(SKEncodedImageFormat.Jpeg, quality));
    }

    /// <summary>Encodes a greyscale map as 8-bit PNG.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">[H, W].</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The length is not that of the size.</exception>
    public static unsafe byte[] EncodeGrayPng(int width, int height, ReadOnlySpan<byte> pixels)
    {
        if (width < 1 || height < 1 || pixels.Length != (long)width * height)
        {
            throw new ArgumentException($"{width}x{height} grey pixels need as many bytes, not {pixels.Length}.", nameof(pixels));
        }

        fixed (byte* start = pixels)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), (nint)start);
            return Bytes(pixmap.Encode(SKPngEncoderOptions.Default));
        }
    }

    private static unsafe byte[] EncodeRgb(RgbImage image, Func<SKPixmap, SKData?> encode)
    {
        var rgbx = GC.AllocateUninitializedArray<byte>(checked(image.Width * image.Height * 4));
        var rgb = image.Pixels;
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgbx[to] = rgb[from];
            rgbx[to + 1] = rgb[from + 1];
            rgbx[to + 2] = rgb[from + 2];
            rgbx[to + 3] = 255;
        }

        fixed (byte* start = rgbx)
        {
            var info = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, (nint)start);
            return Bytes(encode(pixmap));
        }
    }

    private static byte[] Bytes(SKData? data)
    {
        using (data)
        {
            return data?.ToArray() ?? throw new InvalidOperationException("The image encoder gave no data; the image is too "
                + "large for its format.");
        }
    }
}

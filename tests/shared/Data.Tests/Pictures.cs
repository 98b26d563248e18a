using IntraDA.Data.Images;
using IntraDA.Data.Labels;

namespace IntraDA.Data.Tests;

/// <summary>Small images and label files by formula.</summary>
internal static class Pictures
{
    public static RgbImage Gradient(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            pixels[3 * i] = (byte)(i % width * 255 / width);
            pixels[(3 * i) + 1] = (byte)(i / width * 255 / height);
            pixels[(3 * i) + 2] = (byte)(i * 7);
        }

        return new RgbImage(width, height, pixels);
    }

    public static byte[] Png(int width = 8, int height = 6) => ImageEncoder.EncodePng(Gradient(width, height));

    public static byte[] Jpeg(int width = 8, int height = 6) => ImageEncoder.EncodeJpeg(Gradient(width, height), 90);

    /// <summary>An 8-bit label file that repeats ids over its pixels.</summary>
    public static byte[] Labels(int width, int height, params byte[] ids) => PngWriter.Gray8(width, height, Repeat(width * height, ids));

    public static T[] Repeat<T>(int count, params T[] values) => [.. Enumerable.Range(0, count).Select(i => values[i % values.Length])];
}

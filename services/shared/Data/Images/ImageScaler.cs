namespace IntraDA.Data.Images;

/// <summary>Scales images for showing. Networks get theirs from the inference engine, which scales as the published code does.</summary>
public static class ImageScaler
{
    /// <summary>Scales by area: each pixel is the mean of the source area it covers.</summary>
    /// <param name="image">The source.</param>
    /// <param name="width">Pixels per row of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <returns>The scaled image; enlarged, pixels become blocks.</returns>
    public static RgbImage Area(RgbImage image, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var rows = ScaleRows(image, width);
        var rowLength = width * 3;
        var pixels = new byte[checked(height * rowLength)];
        var sums = new float[rowLength];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sums);
            foreach (var (source, weight) in Cover(y, image.Height, height))
            {
                var row = rows.AsSpan(source * rowLength, rowLength);
                for (var x = 0; x < rowLength; x++)
                {
                    sums[x] += weight * row[x];
                }
            }

            for (var x = 0; x < rowLength; x++)
            {
                pixels[(y * rowLength) + x] = (byte)Math.Clamp((int)(sums[x] + 0.5f), 0, 255);
            }
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Shrinks an image into a box, keeping its proportions; an image that fits is returned as it is.</summary>
    /// <param name="image">The source.</param>
    /// <param name="maxWidth">Width of the box, at least 1.</param>
    /// <param name="maxHeight">Height of the box, at least 1.</param>
    /// <returns>The thumbnail.</returns>
    public static RgbImage Thumbnail(RgbImage image, int maxWidth, int maxHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxHeight, 1);
        var scale = Math.Min((double)maxWidth / image.Width, (double)maxHeight / image.Height);
        return scale >= 1
            ? image
            : Area(
                image,
                Math.Clamp((int)Math.Round(image.Width * scale), 1, maxWidth),
                Math.Clamp((int)Math.Round(image.Height * scale), 1, maxHeight));
    }

    private static float[] ScaleRows(RgbImage image, int width)
    {
        var scaled = new float[checked(image.Height * width * 3)];
        for (var x = 0; x < width; x++)
        {
            foreach (var (source, weight) in Cover(x, image.Width, width))
            {
                for (var y = 0; y < image.Height; y++)
                {
                    var from = ((y * image.Width) + source) * 3;
                    var to = ((y * width) + x) * 3;
                    scaled[to] += weight * image.Pixels[from];
                    scaled[to + 1] += weight * image.Pixels[from + 1];
                    scaled[to + 2] += weight * image.Pixels[from + 2];
                }
            }
        }

        return scaled;
    }

    // Source pixels under target pixel `target`, with weights that sum to 1. Borders in units of 1/target size, so they are exact.
    private static IEnumerable<(int Source, float Weight)> Cover(int target, int sourceSize, int targetSize)
    {
        var begin = (long)target * sourceSize;
        var end = begin + sourceSize;
        for (var source = (int)(begin / targetSize); (long)source * targetSize < end; source++)
        {
            var from = Math.Max(begin, (long)source * targetSize);
            var to = Math.Min(end, (long)(source + 1) * targetSize);
            yield return (source, (to - from) / (float)sourceSize);
        }
    }
}

namespace IntraDA.Data.Images;

/// <summary>An image of 8-bit red, green, blue.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps pixels; the array is not copied.</summary>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">[H, W, 3], row-major, exactly <c>width * height * 3</c> bytes.</param>
    /// <exception cref="ArgumentException">The length is not that of the size.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.LongLength != (long)width * height * 3)
        {
            throw new ArgumentException($"{width}x{height} RGB pixels need {(long)width * height * 3} bytes, not "
                + $"{pixels.Length}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[H, W, 3], row-major.</summary>
    public byte[] Pixels { get; }
}

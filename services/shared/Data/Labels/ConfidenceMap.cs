using IntraDA.Data.Images;

namespace IntraDA.Data.Labels;

/// <summary>The winning class's probability per pixel, in steps of 1/65535; stored as 16-bit greyscale PNG.</summary>
public sealed class ConfidenceMap
{
    /// <summary>Media type of the stored form.</summary>
    public const string MediaType = "image/png";

    /// <summary>Wraps values; the array is not copied.</summary>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="values">[H, W], row-major: 65535 * probability, rounded.</param>
    /// <exception cref="ArgumentException">The length is not that of the size.</exception>
    public ConfidenceMap(int width, int height, ushort[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (values.LongLength != (long)width * height)
        {
            throw new ArgumentException($"{width}x{height} confidences need as many values, not "
                + $"{values.Length}.", nameof(values));
        }

        Width = width;
        Height = height;
        Values = values;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[H, W], row-major; p = value / 65535.</summary>
    public ushort[] Values { get; }

    /// <summary>The stored value of a probability.</summary>
    /// <param name="probability">0..1; values outside (rounding of a softmax) are clamped.</param>
    /// <returns>65535 * probability, rounded.</returns>
    public static ushort Quantize(float probability) => (ushort)((Math.Clamp(probability, 0f, 1f) * 65535f) + 0.5f);

    /// <summary>Reads the stored form.</summary>
    /// <param name="png">The whole file.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Refuses more bytes or pixels.</param>
    /// <returns>The map.</returns>
    /// <exception cref="BadImageException">Not a whole 16-bit greyscale PNG.</exception>
    public static ConfidenceMap Decode(ReadOnlyMemory<byte> png, string name, ImageLimits limits)
    {
        var raw = PngReader.Read(png, name, limits);
        return raw is { BitDepth: 16, ColorType: PngColorType.Gray }
            ? new ConfidenceMap(raw.Width, raw.Height, raw.Samples)
            : throw new BadImageException(name, "it is not a 16-bit greyscale PNG, the form of confidence maps");
    }

    /// <summary>The probability of a pixel.</summary>
    /// <param name="index">Row-major index.</param>
    /// <returns>0..1.</returns>
    public float Probability(int index) => Values[index] / 65535f;

    /// <summary>Encodes the stored form.</summary>
    /// <returns>The file.</returns>
    public byte[] EncodePng() => PngWriter.Gray16(Width, Height, Values);
}

namespace IntraDA.Learning.Preprocessing;

/// <summary>
/// Bicubic resizing with antialiasing, bit for bit as Pillow's <c>Image.resize(size, BICUBIC)</c> on 8-bit images: the published
/// networks were trained on exactly these bytes, and one grey level more or less moves a score in its fifth digit.
/// </summary>
/// <remarks>
/// Formulae of Pillow's libImaging/Resample.c: a = -0.5, support widened by the scale when shrinking, weights in fixed point with
/// 22 fractional bits, rows first, rounded to bytes between the passes. libtorch's own kernel rounds its weights to 16 bits.
/// </remarks>
internal static class BicubicResampler
{
    private const int Channels = 3;
    private const int FractionBits = 32 - 8 - 2;
    private const int Half = 1 << (FractionBits - 1);
    private const double Support = 2.0;
    private const double A = -0.5;

    /// <summary>Resizes; a side whose length stays is left alone, as Pillow does.</summary>
    /// <param name="pixels"><c>[H, W, 3]</c>.</param>
    /// <returns><c>[newHeight, newWidth, 3]</c>; <paramref name="pixels"/> itself where the size stays.</returns>
    public static byte[] Resize(byte[] pixels, int width, int height, int newWidth, int newHeight)
    {
        var rows = width == newWidth ? pixels : ResizeRows(pixels, width, height, newWidth);
        return height == newHeight ? rows : ResizeColumns(rows, newWidth, height, newHeight);
    }

    private static byte[] ResizeRows(byte[] pixels, int width, int height, int newWidth)
    {
        var taps = Taps(width, newWidth);
        var result = GC.AllocateUninitializedArray<byte>(checked(newWidth * height * Channels));
        for (var y = 0; y < height; y++)
        {
            var from = pixels.AsSpan(y * width * Channels, width * Channels);
            var to = result.AsSpan(y * newWidth * Channels, newWidth * Channels);
            for (var x = 0; x < taps.Length; x++)
            {
                var (first, weights) = taps[x];
                int red = Half, green = Half, blue = Half;
                var source = from.Slice(first * Channels, weights.Length * Channels);
                for (var i = 0; i < weights.Length; i++)
                {
                    var weight = weights[i];
                    red += source[Channels * i] * weight;
                    green += source[(Channels * i) + 1] * weight;
                    blue += source[(Channels * i) + 2] * weight;
                }

                to[Channels * x] = ToByte(red);
                to[(Channels * x) + 1] = ToByte(green);
                to[(Channels * x) + 2] = ToByte(blue);
            }
        }

        return result;
    }

    private static byte[] ResizeColumns(byte[] pixels, int width, int height, int newHeight)
    {
        var taps = Taps(height, newHeight);
        var length = width * Channels;
        var result = GC.AllocateUninitializedArray<byte>(checked(length * newHeight));
        var sums = new int[length];
        for (var y = 0; y < taps.Length; y++)
        {
            var (first, weights) = taps[y];
            Array.Fill(sums, Half);
            for (var i = 0; i < weights.Length; i++)
            {
                var weight = weights[i];
                var row = pixels.AsSpan((first + i) * length, length);
                for (var x = 0; x < row.Length; x++)
                {
                    sums[x] += row[x] * weight;
                }
            }

            var to = result.AsSpan(y * length, length);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = ToByte(sums[x]);
            }
        }

        return result;
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);

    private static (int First, int[] Weights)[] Taps(int size, int newSize)
    {
        var scale = (double)size / newSize;
        var filterScale = Math.Max(scale, 1.0);
        var support = Support * filterScale;
        // Multiplied by the reciprocal, not divided: the last bit of a weight depends on it.
        var perPixel = 1.0 / filterScale;
        var taps = new (int, int[])[newSize];
        for (var i = 0; i < newSize; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var end = Math.Min((int)(centre + support + 0.5), size);
            var weights = new double[end - first];
            var total = 0.0;
            for (var x = 0; x < weights.Length; x++)
            {
                weights[x] = Kernel((x + first - centre + 0.5) * perPixel);
                total += weights[x];
            }

            taps[i] = (first, [.. weights.Select(w => ToFixedPoint(total == 0 ? w : w / total))]);
        }

        return taps;
    }

    private static int ToFixedPoint(double weight) =>
        weight < 0 ? (int)(-0.5 + (weight * (1 << FractionBits))) : (int)(0.5 + (weight * (1 << FractionBits)));

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1.0 => ((((A + 2.0) * x) - (A + 3.0)) * x * x) + 1,
            < 2.0 => ((((x - 5) * x) + 8) * x - 4) * A,
            _ => 0,
        };
    }
}

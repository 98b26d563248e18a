namespace IntraDA.Data.Labels;

/// <summary>A train id per pixel.</summary>
public sealed class LabelMap
{
    /// <summary>Wraps train ids; the array is not copied.</summary>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="trainIds">[H, W], row-major; 255 is ignored.</param>
    /// <exception cref="ArgumentException">The length is not that of the size.</exception>
    public LabelMap(int width, int height, byte[] trainIds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (trainIds.LongLength != (long)width * height)
        {
            throw new ArgumentException($"{width}x{height} labels need as many bytes, not {trainIds.Length}.", nameof(trainIds));
        }

        Width = width;
        Height = height;
        TrainIds = trainIds;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[H, W], row-major; 255 is ignored.</summary>
    public byte[] TrainIds { get; }

    /// <summary>Scales to another size without mixing ids, pixel for pixel as Pillow's <c>resize(..., NEAREST)</c>.</summary>
    /// <param name="width">Pixels per row of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <returns>The scaled map: target i takes source floor((i + 0.5) * in / out); this map itself where the size is the same.</returns>
    public LabelMap ResizeNearest(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (width == Width && height == Height)
        {
            return this;
        }

        var columns = Sources(Width, width);
        var rows = Sources(Height, height);
        var resized = GC.AllocateUninitializedArray<byte>(checked(width * height));
        for (var y = 0; y < height; y++)
        {
            var from = TrainIds.AsSpan(rows[y] * Width, Width);
            var to = resized.AsSpan(y * width, width);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = from[columns[x]];
            }
        }

        return new LabelMap(width, height, resized);
    }

    // Pillow (libImaging/Geometry.c, ImagingScaleAffine) steps by repeated addition; the rounding of that sum decides where a centre
    // falls exactly between two pixels, so the sum is formed in the same way here.
    private static int[] Sources(int sourceSize, int targetSize)
    {
        var step = (double)sourceSize / targetSize;
        var centre = step * 0.5;
        var sources = new int[targetSize];
        for (var i = 0; i < targetSize; i++, centre += step)
        {
            sources[i] = Math.Min((int)centre, sourceSize - 1);
        }

        return sources;
    }
}

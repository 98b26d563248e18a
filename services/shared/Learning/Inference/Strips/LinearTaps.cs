namespace IntraDA.Learning.Inference.Strips;

/// <summary>Bilinear resizing of one axis with aligned corners: result i lies between two samples.</summary>
/// <param name="First">Index of the lower sample.</param>
/// <param name="Second">Index of the upper sample.</param>
/// <param name="Weight">Weight of the upper sample, 0..1.</param>
internal readonly record struct LinearTaps(int[] First, int[] Second, float[] Weight)
{
    /// <summary>The taps of an axis, in the arithmetic of libtorch: float32 scale, floor, clamped neighbour.</summary>
    /// <param name="size">Samples.</param>
    /// <param name="newSize">Results.</param>
    /// <returns>Taps of each result.</returns>
    public static LinearTaps Of(int size, int newSize)
    {
        var scale = newSize > 1 ? (float)(size - 1) / (newSize - 1) : 0f;
        var taps = new LinearTaps(new int[newSize], new int[newSize], new float[newSize]);
        for (var i = 0; i < newSize; i++)
        {
            var at = scale * i;
            var first = Math.Min((int)at, size - 1);
            taps.First[i] = first;
            taps.Second[i] = Math.Min(first + 1, size - 1);
            taps.Weight[i] = Math.Clamp(at - first, 0f, 1f);
        }

        return taps;
    }
}

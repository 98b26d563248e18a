namespace IntraDA.Data.Synthetic;

/// <summary>Lattice noise for textures; pure functions of the position and a seed.</summary>
internal static class ValueNoise
{
    /// <summary>A number in [0, 1) for a lattice cell.</summary>
    public static float Cell(int x, int y, uint seed)
    {
        unchecked
        {
            var h = ((uint)x * 0x85EBCA6BU) ^ ((uint)y * 0xC2B2AE35U) ^ (seed * 0x27D4EB2FU);
            h = (h ^ (h >> 15)) * 0x2C1B3C6DU;
            h = (h ^ (h >> 12)) * 0x297A2D39U;
            return ((h ^ (h >> 15)) >> 8) * (1f / 16777216f);
        }
    }

    public static float Cell(float x, float y, uint seed) => Cell(Floor(x), Floor(y), seed);

    /// <summary>Smooth noise in [0, 1) with features of size one.</summary>
    public static float Smooth(float x, float y, uint seed)
    {
        int ix = Floor(x), iy = Floor(y);
        float fx = x - ix, fy = y - iy;
        fx = fx * fx * (3f - (2f * fx));
        fy = fy * fy * (3f - (2f * fy));
        float a = Cell(ix, iy, seed), b = Cell(ix + 1, iy, seed);
        float c = Cell(ix, iy + 1, seed), d = Cell(ix + 1, iy + 1, seed);
        var top = a + ((b - a) * fx);
        return top + (((c + ((d - c) * fx)) - top) * fy);
    }

    /// <summary>Three octaves of <see cref="Smooth"/>, in [0, 1).</summary>
    public static float Fractal(float x, float y, uint seed) =>
        (0.57f * Smooth(x, y, seed)) + (0.28f * Smooth(x * 2.1f, y * 2.1f, seed + 1)) + (0.15f * Smooth(x * 4.3f, y * 4.3f, seed + 2));

    // A cast rounds towards zero and MathF.Floor is slower in this innermost loop.
    public static int Floor(float value)
    {
        var whole = (int)value;
        return value < whole ? whole - 1 : whole;
    }
}

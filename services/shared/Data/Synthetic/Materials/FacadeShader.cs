using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Walls with rows of windows, a ground floor of shops or doors, bricks and stains.</summary>
internal sealed class FacadeShader(Look look)
{
    /// <summary>The colour at u metres along and v metres up the wall, and whether the place is window glass.</summary>
    public Vector3 At(Paint paint, float u, float v, float footprint, out bool window)
    {
        var style = paint.Seed;
        var floor = 2.8f + (0.7f * ValueNoise.Cell(1, 0, style));
        var bay = 1.9f + (1.5f * ValueNoise.Cell(2, 0, style));
        var wide = 0.36f + (0.3f * ValueNoise.Cell(3, 0, style));
        var shops = ValueNoise.Cell(4, 0, style) < 0.45f;
        int storey = ValueNoise.Floor(v / floor), column = ValueNoise.Floor(u / bay);
        float x = (u / bay) - column - 0.5f, y = (v / floor) - storey;
        var ground = storey <= 0;
        float half = ground && shops ? 0.42f : wide / 2, low = ground ? (shops ? 0.14f : 0.35f) : 0.27f, high = ground ? 0.74f : 0.8f;
        var door = ground && ((column & 3) == (int)(style & 3));
        if (door)
        {
            low = 0f;
        }

        window = MathF.Abs(x) < half && y > low && y < high;
        if (window)
        {
            return door ? paint.Accent * 0.5f : Glass(paint, column, storey, x, y, high);
        }

        var frame = MathF.Abs(x) < half + 0.05f && y > low - 0.05f && y < high + 0.04f;
        if (frame || (ground && shops && y > 0.78f && y < 0.95f))
        {
            var trim = ground && shops && !frame ? paint.Accent * 0.9f : Vector3.Lerp(paint.Tint, Vector3.One, 0.45f - (0.25f * look.Gap));
            return trim;
        }

        return Wall(paint, u, v, footprint) * (y < 0.05f && storey > 0 ? 0.85f : 1f);
    }

    private Vector3 Glass(Paint paint, int column, int storey, float x, float y, float high)
    {
        var pane = ValueNoise.Cell(column, storey, paint.Seed + 11);
        var mirror = look.Gap * 0.6f * pane * ValueNoise.Smooth((x * 3f) + column, (y * 3f) + storey, paint.Seed + 12);
        var curtain = pane > 0.75f && y > high - 0.25f ? 0.35f : 0f;
        var glass = Vector3.Lerp(paint.Accent, new Vector3(0.85f), mirror + curtain);
        return MathF.Abs(x) < 0.02f ? glass * 0.7f : glass * (0.85f + (0.3f * pane * look.Gap));
    }

    private Vector3 Wall(Paint paint, float u, float v, float footprint)
    {
        var stain = 1f + (look.Gap * 0.45f * (ValueNoise.Fractal(u * 0.5f, v * 0.25f, paint.Seed + 13) - 0.5f));
        var dirt = 1f - (look.Gap * 0.25f * MathF.Exp(-v * 0.9f));
        if (ValueNoise.Cell(5, 0, paint.Seed) < 0.5f)
        {
            // Bricks: courses of alternating offset; the game's are big and even.
            var size = 0.5f - (0.25f * look.Gap);
            var course = ValueNoise.Floor(v / (size * 0.5f));
            var brick = ValueNoise.Cell(ValueNoise.Floor((u / size) + ((course & 1) * 0.5f)), course, paint.Seed + 14);
            var fade = MathF.Min(1f, 0.12f / footprint) * (0.08f + (0.35f * look.Gap));
            return paint.Tint * (stain * dirt * (1f + (fade * (brick - 0.5f))));
        }

        var grain = look.Gap * 0.2f * MathF.Min(1f, 0.08f / footprint) * (ValueNoise.Smooth(u * 9f, v * 9f, paint.Seed + 15) - 0.5f);
        return paint.Tint * (stain * dirt * (1f + grain));
    }
}

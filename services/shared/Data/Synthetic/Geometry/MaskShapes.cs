namespace IntraDA.Data.Synthetic;

/// <summary>Evaluates masks in a surface's own coordinates: metres from its centre.</summary>
internal static class MaskShapes
{
    /// <summary>The coverage at (u, v) of a surface where one sample spans <paramref name="footprint"/> metres.</summary>
    public static Coverage At(Surface surface, float u, float v, float footprint)
    {
        float x = u / surface.HalfWidth, y = v / surface.HalfHeight;
        return surface.Mask switch
        {
            SurfaceMask.Ellipse => (x * x) + (y * y) <= 1f ? Coverage.Solid : Coverage.None,
            SurfaceMask.Foliage => Foliage(surface, u, v, (x * x) + (y * y), footprint),
            SurfaceMask.Hedge => y < 0.7f + (0.5f * (ValueNoise.Smooth(u * 3f, v, surface.Paint.Seed) - 0.4f)) ? Coverage.Solid : Coverage.None,
            SurfaceMask.Spokes => Spokes(x, y, footprint / surface.HalfHeight),
            SurfaceMask.Bars => Seen(y > 0.8f || Near(u, 0.22f, MathF.Max(0.035f, footprint * 0.5f))),
            SurfaceMask.Mesh => Seen(MathF.Abs(y) > 0.9f || Near(u, 2.2f, 0.06f) || Wire(u, v, footprint)),
            SurfaceMask.Rails => Seen(MathF.Abs(y - 0.75f) < 0.2f || MathF.Abs(y + 0.1f) < 0.17f || Near(u, 1.8f, 0.07f)),
            _ => Coverage.Solid,
        };
    }

    private static Coverage Foliage(Surface surface, float u, float v, float radius, float footprint)
    {
        var edge = MathF.Min(1f, 0.36f + (0.8f * ValueNoise.Fractal(u * 2.2f, v * 2.2f, surface.Paint.Seed)));
        if (radius > edge)
        {
            return Coverage.None;
        }

        // Light shines through thin leaves near the outline only where the gaps are wider than a sample.
        var gap = footprint < 0.12f && radius > 0.35f && ValueNoise.Smooth(u * 7f, v * 7f, surface.Paint.Seed + 9) > 0.8f;
        return gap ? Coverage.LabelOnly : Coverage.Solid;
    }

    private static Coverage Spokes(float x, float y, float footprint)
    {
        var radius = MathF.Sqrt((x * x) + (y * y));
        if (radius > 1f)
        {
            return Coverage.None;
        }

        var line = MathF.Max(0.05f, footprint * 0.3f);
        return Seen(radius > 0.8f || MathF.Abs(x - y) < line || MathF.Abs(x + y) < line);
    }

    private static bool Wire(float u, float v, float footprint)
    {
        // Wires thinner than half a sample would only flicker; far away the mesh is a sparse dither instead.
        var width = MathF.Max(0.02f, footprint * 0.35f);
        return Near(u + v, 0.24f, width) || Near(u - v, 0.24f, width);
    }

    private static bool Near(float position, float period, float halfWidth) =>
        MathF.Abs(position - (period * MathF.Round(position / period))) < halfWidth;

    private static Coverage Seen(bool solid) => solid ? Coverage.Solid : Coverage.LabelOnly;
}

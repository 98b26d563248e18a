using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The unlit colour of a surface, and how its form bends the light.</summary>
internal sealed class SurfaceShader(Look look, Vector3 skyColour)
{
    private readonly FacadeShader _facade = new(look);

    /// <summary>The colour at (u, v); <paramref name="form"/> scales the light for round bodies, <paramref name="window"/> marks facade glass.</summary>
    public Vector3 At(Surface surface, Vector2 at, float footprint, out float form, out bool window)
    {
        var paint = surface.Paint;
        float x = at.X / surface.HalfWidth, y = at.Y / surface.HalfHeight;
        form = 1f;
        window = false;
        switch (paint.Kind)
        {
            case MaterialKind.Facade:
                return _facade.At(paint, at.X, at.Y, footprint, out window);
            case MaterialKind.Roof:
                var row = ValueNoise.Floor(at.Y / 0.5f);
                return paint.Tint * (0.9f + (0.2f * ((row & 1) + (look.Gap * ValueNoise.Cell(ValueNoise.Floor(at.X / 0.4f), row, paint.Seed)))));
            case MaterialKind.Foliage:
                return Leaves(paint, at, y, footprint, out form);
            case MaterialKind.Round:
                // A leaning limb reaches beyond its own width; past the rim it stays as dark as the rim.
                x = Math.Clamp(x, -1f, 1f);
                form = 1.08f - (0.3f * x * x) - (0.1f * x);
                return paint.Tint * Grain(at, 9f, 0.25f, footprint);
            case MaterialKind.CarPaint:
                return Vector3.Lerp(paint.Tint, skyColour, Math.Clamp(0.1f + (0.22f * y), 0f, 0.35f) * (0.5f + (0.5f * look.Gap)));
            case MaterialKind.Glass:
                return Vector3.Lerp(paint.Tint, paint.Accent, Math.Clamp(0.12f + (0.35f * (y + (0.4f * x))), 0f, 0.5f));
            case MaterialKind.Wheel:
                return (x * x) + (y * y) < 0.3f ? paint.Accent : paint.Tint;
            case MaterialKind.RoundSign:
                return (x * x) + (y * y) > 0.55f ? paint.Tint : Stroke(paint, x, y, 0.12f);
            case MaterialKind.PanelSign:
                return MathF.Max(MathF.Abs(x), MathF.Abs(y)) > 0.82f ? paint.Tint : Stroke(paint, x, y, 0.18f);
            case MaterialKind.TrafficLight:
                var lamp = paint.Accent.X > 0.5f ? 0.6f : -0.6f;
                return MathF.Abs(y - lamp) < 0.26f && MathF.Abs(x) < 0.7f ? paint.Accent : paint.Tint;
            default:
                return paint.Tint * Grain(at, 6f, 0.3f, footprint);
        }
    }

    private static Vector3 Stroke(Paint paint, float x, float y, float width)
    {
        var upright = (paint.Seed & 1) == 0;
        var mark = upright ? MathF.Abs(x) < width && MathF.Abs(y) < 0.45f : MathF.Abs(y) < width && MathF.Abs(x) < 0.5f;
        return mark ? Vector3.Lerp(paint.Tint, new Vector3(0.1f), paint.Tint.X > 0.75f && paint.Accent.X > 0.7f ? 0.9f : 0f) : paint.Accent;
    }

    private Vector3 Leaves(Paint paint, Vector2 at, float y, float footprint, out float form)
    {
        var clump = ValueNoise.Smooth(at.X * 1.8f, at.Y * 1.8f, paint.Seed + 3);
        var leaf = footprint < 0.3f ? ValueNoise.Smooth(at.X * 6f, at.Y * 6f, paint.Seed + 4) : 0.5f;
        form = 0.84f + (0.2f * Math.Clamp(y, -1f, 1f)) + (0.4f * (clump - 0.5f)) + ((0.15f + (0.5f * look.Gap)) * (leaf - 0.5f));
        return paint.Tint;
    }

    private float Grain(Vector2 at, float frequency, float amount, float footprint)
    {
        var fade = look.Gap * amount * MathF.Min(1f, 0.5f / (frequency * footprint));
        return 1f + (fade * (ValueNoise.Smooth(at.X * frequency, at.Y * frequency, look.Seed + 8) - 0.5f));
    }
}

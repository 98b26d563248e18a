using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The sky: a gradient with clouds, puffy in the game and a torn grey layer before the camera.</summary>
internal sealed class SkyShader(Look look, Palette palette)
{
    private readonly Vector3 _top = palette.Pick(PaletteSlot.SkyTop);
    private readonly Vector3 _horizon = palette.Pick(PaletteSlot.SkyHorizon);
    private readonly Vector3 _cloud = palette.Pick(PaletteSlot.Cloud);

    public Vector3 Horizon => _horizon;

    public Vector3 At(Vector3 worldRay)
    {
        var rise = MathF.Max(0f, worldRay.Y / MathF.Max(0.2f, worldRay.Z));
        var clear = Vector3.Lerp(_horizon, _top, MathF.Min(1f, rise * 1.7f));
        var stretch = 1f / (rise + 0.22f);
        var density = ValueNoise.Fractal(worldRay.X * stretch * 1.3f, stretch * 2.2f, look.Seed);
        var edge = 0.02f + (0.3f * look.Gap);
        var amount = Math.Clamp((density - 0.56f + (0.2f * look.Gap)) / edge, 0f, 1f);
        return Vector3.Lerp(clear, _cloud, amount * (0.9f - (0.2f * look.Gap)));
    }
}

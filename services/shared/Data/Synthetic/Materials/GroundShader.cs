using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The colour of road, markings, kerbs, walks and grass at a place of the ground plane.</summary>
internal sealed class GroundShader(RoadLayout road, Look look, Palette palette)
{
    private readonly Vector3 _asphalt = palette.Pick(PaletteSlot.Asphalt);
    private readonly Vector3 _paving = palette.Pick(PaletteSlot.Paving);
    private readonly Vector3 _kerb = palette.Pick(PaletteSlot.Kerb);
    private readonly Vector3 _marking = palette.Pick(PaletteSlot.Marking);
    private readonly Vector3 _grass = palette.Pick(PaletteSlot.Grass);

    /// <summary>The colour at world X and Z where one sample spans <paramref name="footprint"/> metres.</summary>
    public Vector3 At(float x, float z, float footprint)
    {
        var lateral = x - road.Centre(z);
        switch (road.ClassAt(x, z))
        {
            case StreetClasses.Road:
                return RoadAt(lateral, x, z, footprint);
            case StreetClasses.Sidewalk:
                return MathF.Abs(lateral) < road.HalfWidth + 0.22f ? _kerb * Speckle(x, z, footprint, 0.2f) : PavingAt(x, z, footprint);
            default:
                return _grass * (0.85f + (0.3f * ValueNoise.Smooth(x * 2f, z * 2f, look.Seed))) * Speckle(x, z, footprint, 0.35f);
        }
    }

    private Vector3 RoadAt(float lateral, float x, float z, float footprint)
    {
        if (Marked(lateral, z))
        {
            var worn = look.Gap * 0.75f * MathF.Max(0f, (ValueNoise.Fractal(x * 1.5f, z * 0.8f, look.Seed + 5) * 2f) - 0.6f);
            return Vector3.Lerp(_marking, _asphalt, MathF.Min(0.85f, worn));
        }

        // The game repeats one small tile; the camera sees stains, patches, tracks and grain.
        var tile = 1f + (0.05f * (1f - look.Gap) * (ValueNoise.Cell((int)(MathF.Abs(x) * 2f) & 3, (int)(MathF.Abs(z) * 2f) & 3, 7) - 0.5f));
        var stain = 1f + (look.Gap * 0.4f * (ValueNoise.Fractal(x * 0.7f, z * 0.3f, look.Seed + 1) - 0.5f));
        var patch = ValueNoise.Cell(x / 2.7f, z / 5.5f, look.Seed + 2) < 0.18f ? 1f - (0.22f * look.Gap) : 1f;
        var track = 1f - (look.Gap * 0.12f * MathF.Max(0f, MathF.Cos(MathF.Abs(lateral) * 3.6f)));
        var gutter = MathF.Abs(lateral) > road.HalfWidth - 0.3f && !road.InCrossing(z) ? 0.82f : 1f;
        return _asphalt * (tile * stain * patch * track * gutter * Speckle(x, z, footprint, 0.2f));
    }

    private bool Marked(float lateral, float z)
    {
        var inside = MathF.Abs(lateral) < road.HalfWidth;
        if (inside && z > road.ZebraStart && z < road.ZebraStart + RoadLayout.ZebraLength)
        {
            return (lateral + 20f) % 1.1f < 0.55f;
        }

        if (!inside || road.InCrossing(z, 1f))
        {
            return false;
        }

        var centre = MathF.Abs(lateral) < 0.09f && (!road.CentreLineDashed || (z + 20f) % 6f < 3.2f);
        return centre || (road.SideLines && MathF.Abs(MathF.Abs(lateral) - road.HalfWidth + 0.45f) < 0.08f);
    }

    private Vector3 PavingAt(float x, float z, float footprint)
    {
        var slab = 1f + ((0.06f + (0.16f * look.Gap)) * (ValueNoise.Cell(x / 0.6f, z / 0.6f, look.Seed + 3) - 0.5f));
        float edgeX = MathF.Abs((x / 1.2f) - MathF.Round(x / 1.2f)), edgeZ = MathF.Abs((z / 1.2f) - MathF.Round(z / 1.2f));
        var joint = footprint < 0.1f && (edgeX < 0.035f || edgeZ < 0.035f) ? 0.82f : 1f;
        var stain = 1f + (look.Gap * 0.4f * (ValueNoise.Fractal(x, z * 0.6f, look.Seed + 4) - 0.5f));
        return _paving * (slab * joint * stain * Speckle(x, z, footprint, 0.25f));
    }

    // Grain finer than a sample would alias into shimmer, so it fades out with the distance.
    private float Speckle(float x, float z, float footprint, float amount)
    {
        var fade = look.Gap * amount * MathF.Min(1f, 0.08f / footprint);
        return 1f + (fade * (ValueNoise.Smooth(x * 14f, z * 9f, look.Seed + 6) - 0.5f));
    }
}

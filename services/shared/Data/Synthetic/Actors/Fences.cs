using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Fences around lots and guard rails along the kerb.</summary>
internal static class Fences
{
    public static void Place(SceneBuilder scene)
    {
        var random = scene.Random;
        if (!random.Chance(0.4f))
        {
            return;
        }

        var side = random.Sign();
        var start = random.Range(4f, 11f);
        var end = MathF.Min(start + random.Range(8f, 22f), scene.Road.CrossStart - 5f);
        if (end > start + 3f)
        {
            var lateral = (scene.Road.HalfWidth + 0.3f) * side;
            Stretch(scene, scene.Road.Point(lateral, 0, start), scene.Road.Point(lateral, 0, end), random.Range(0.85f, 1.15f));
        }
    }

    public static void Stretch(SceneBuilder scene, Vector3 from, Vector3 to, float height)
    {
        var mask = scene.Random.Below(3) switch { 0 => SurfaceMask.Bars, 1 => SurfaceMask.Mesh, _ => SurfaceMask.Rails };
        var paint = Paint.Plain(scene.Palette.Pick(PaletteSlot.Fence));
        var up = Vector3.UnitY * height;
        scene.Polygon(StreetClasses.Fence, paint, [from, to, to + up, from + up], mask);
    }
}

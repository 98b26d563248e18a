using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Riders with their bicycles; both carry the bicyclist's label.</summary>
internal static class Cyclists
{
    private const float WheelRadius = 0.35f;

    public static void Place(SceneBuilder scene)
    {
        var random = scene.Random;
        var attempts = 8;
        var count = random.Below(3) + (random.Chance(0.5f) ? 1 : 0);
        while (count > 0 && attempts-- > 0)
        {
            var z = random.Range(5.5f, 17f);
            var side = random.Sign();
            var lateral = side * scene.Road.HalfWidth * random.Range(0.35f, 0.85f);
            var across = random.Chance(0.45f);
            var heading = across ? side * random.Range(1.1f, 1.9f) : scene.Road.Heading(z) + (side < 0 ? MathF.PI : 0f) + random.Range(-0.3f, 0.3f);
            count -= Add(scene, scene.Road.Point(lateral, 0, z), heading) ? 1 : 0;
        }
    }

    private static bool Add(SceneBuilder scene, Vector3 foot, float heading)
    {
        var (sine, cosine) = MathF.SinCos(heading);
        var ahead = new Vector3(sine, 0, cosine);
        if (!scene.Claim(foot, ahead, 0.95f, 0.35f))
        {
            return false;
        }

        Wheel(scene, foot + (ahead * 0.52f), ahead);
        Wheel(scene, foot - (ahead * 0.52f), ahead);
        Frame(scene, foot, ahead);
        Rider(scene, foot, ahead);
        scene.Shadow(foot, 0.6f, 1.9f, heading);
        return true;
    }

    private static void Wheel(SceneBuilder scene, Vector3 foot, Vector3 ahead)
    {
        var paint = Paint.Plain(new Vector3(0.08f));
        var half = ahead * WheelRadius;
        var up = Vector3.UnitY * (2 * WheelRadius);
        scene.Polygon(StreetClasses.Bicyclist, paint, [foot - half, foot + half, foot + half + up, foot - half + up], SurfaceMask.Spokes);

        // Seen end-on a flat disc vanishes: the tyre has a width.
        scene.Limb(StreetClasses.Bicyclist, paint, foot, foot + up, 0.06f);
    }

    private static void Frame(SceneBuilder scene, Vector3 foot, Vector3 ahead)
    {
        var paint = Paint.Plain(scene.Palette.Pick(PaletteSlot.CarPaint));
        Vector3 At(float along, float up) => foot + (ahead * along) + (Vector3.UnitY * up);
        Bar(scene, paint, At(-0.52f, 0.35f), At(-0.15f, 0.9f));
        Bar(scene, paint, At(-0.2f, 0.8f), At(0.4f, 0.85f));
        Bar(scene, paint, At(-0.02f, 0.32f), At(0.4f, 0.8f));
        Bar(scene, paint, At(0.52f, 0.35f), At(0.38f, 1.02f));
        var right = scene.Camera.Unrotate(Vector3.UnitX);
        Bar(scene, paint, At(0.38f, 1.02f) - (right * 0.25f), At(0.38f, 1.02f) + (right * 0.25f));
    }

    private static void Bar(SceneBuilder scene, Paint paint, Vector3 a, Vector3 b)
    {
        var thick = MathF.Max(0.06f, scene.Camera.PixelMetres(scene.Camera.ToView(a).Z));
        var side = scene.Camera.Rotate(b - a);
        var across = scene.Camera.Unrotate(Vector3.Normalize(new Vector3(-side.Y, side.X, 0.0001f))) * (thick / 2);
        scene.Polygon(StreetClasses.Bicyclist, paint, [a - across, b - across, b + across, a + across]);
    }

    private static void Rider(SceneBuilder scene, Vector3 foot, Vector3 ahead)
    {
        var right = scene.Camera.Unrotate(Vector3.UnitX);
        var seat = foot + (Vector3.UnitY * 0.95f) - (ahead * 0.15f);
        var trousers = Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Trousers));
        foreach (var side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            var pedal = foot + (Vector3.UnitY * (0.3f + (side * 0.13f))) + (ahead * side * 0.1f) + (right * side * 0.1f);
            var knee = foot + (Vector3.UnitY * 0.68f) + (ahead * 0.28f) + (right * side * 0.12f);
            scene.Limb(StreetClasses.Bicyclist, trousers, pedal, knee, 0.16f);
            scene.Limb(StreetClasses.Bicyclist, trousers, knee, seat + (right * side * 0.08f), 0.19f);
        }

        // The rider bends towards the handlebar, as far as the view shows it.
        People.Torso(scene, StreetClasses.Bicyclist, seat, 1.62f, right, Vector3.Dot(ahead, right) * 0.5f);
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Lamps, sign posts and traffic lights at the kerb.</summary>
internal static class StreetFurniture
{
    private static readonly Vector3 LampLight = new(1f, 0.78f, 0.45f);

    public static void Place(SceneBuilder scene)
    {
        var random = scene.Random;
        var lampSide = random.Sign();
        var step = random.Range(16f, 26f);
        for (var z = random.Range(9f, 20f); z < 100f; z += step)
        {
            Lamp(scene, lampSide, z);
            lampSide = random.Chance(0.5f) ? -lampSide : lampSide;
        }

        var posts = 1 + random.Below(4);
        for (var i = 0; i < posts; i++)
        {
            SignPost(scene, random.Sign(), random.Range(8f, 26f));
        }

        if (scene.Road.HasCrossing)
        {
            TrafficLight(scene, 1, scene.Road.CrossStart - 1f);
            TrafficLight(scene, -1, scene.Road.CrossStart - 1f);
        }
    }

    private static void Lamp(SceneBuilder scene, int side, float z)
    {
        var height = scene.Random.Range(5.5f, 8f);
        var paint = Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Pole));
        var foot = scene.Road.Point(side * (scene.Road.HalfWidth + 0.45f), 0, z);
        var top = foot + (Vector3.UnitY * height);
        var head = top + new Vector3(-side * 1.4f, 0.15f, 0);
        scene.Limb(StreetClasses.Pole, paint, foot, top, 0.17f);
        var thick = Vector3.UnitY * MathF.Max(0.1f, scene.Camera.PixelMetres(z));
        scene.Polygon(StreetClasses.Pole, paint, [top - thick, head - thick, head, top]);
        scene.Billboard(StreetClasses.Pole, new Paint(MaterialKind.Lamp, new Vector3(0.9f), LampLight, 0), SurfaceMask.Ellipse, head, 0.75f, 0.3f);
        scene.Lights.Add(new SceneLight(head - (Vector3.UnitY * 0.2f), LampLight, 9f, 0.9f));
        scene.Shadow(foot, 0.5f, 0.5f, 0);
    }

    private static Vector3 Post(SceneBuilder scene, int side, float z, float height)
    {
        var foot = scene.Road.Point(side * (scene.Road.HalfWidth + scene.Random.Range(0.35f, 0.9f)), 0, z);
        var top = foot + (Vector3.UnitY * height);
        scene.Limb(StreetClasses.Pole, Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Pole)), foot, top, 0.1f);
        return top - (scene.Camera.Unrotate(Vector3.UnitZ) * 0.08f);
    }

    private static void SignPost(SceneBuilder scene, int side, float z)
    {
        if (scene.Road.InCrossing(z, 2f))
        {
            return;
        }

        var random = scene.Random;
        var top = Post(scene, side, z, random.Range(2.3f, 3.1f));
        Vector3 red = scene.Palette.Pick(PaletteSlot.SignRed), blue = scene.Palette.Pick(PaletteSlot.SignBlue), white = scene.Palette.Pick(PaletteSlot.SignWhite);
        var size = random.Range(0.75f, 1f);
        var seed = scene.TextureSeed();
        switch (random.Below(5))
        {
            case 0:
                scene.Billboard(StreetClasses.Sign, new Paint(MaterialKind.RoundSign, red, white, seed), SurfaceMask.Ellipse, top, size, size);
                break;
            case 1:
                scene.Billboard(StreetClasses.Sign, new Paint(MaterialKind.RoundSign, white, blue, seed), SurfaceMask.Ellipse, top, size, size);
                break;
            case 2:
                Triangle(scene, new Paint(MaterialKind.PanelSign, red, white, seed), top, size * 1.1f);
                break;
            case 3:
                scene.Billboard(StreetClasses.Sign, new Paint(MaterialKind.PanelSign, white, blue, seed), SurfaceMask.Full, top, size, size);
                break;
            default:
                scene.Billboard(StreetClasses.Sign, new Paint(MaterialKind.PanelSign, white, blue, seed), SurfaceMask.Full, top, size * 2f, size * 0.9f);
                break;
        }
    }

    private static void Triangle(SceneBuilder scene, Paint paint, Vector3 centre, float size)
    {
        var right = scene.Camera.Unrotate(Vector3.UnitX) * (size / 2);
        var up = Vector3.UnitY * (size * 0.45f);
        scene.Polygon(StreetClasses.Sign, paint, [centre - right - up, centre + right - up, centre + up]);
    }

    private static void TrafficLight(SceneBuilder scene, int side, float z)
    {
        var top = Post(scene, side, z, 3f);
        var colour = scene.Random.Chance(0.5f) ? new Vector3(1f, 0.15f, 0.1f) : new Vector3(0.1f, 0.95f, 0.45f);
        var lit = colour.X > 0.5f ? 0.6f : -0.6f;
        scene.Billboard(StreetClasses.Sign, new Paint(MaterialKind.TrafficLight, new Vector3(0.1f), colour, 0), SurfaceMask.Full, top, 0.42f, 1.1f);
        scene.Lights.Add(new SceneLight(top + (Vector3.UnitY * lit * 0.5f), colour, 0f, 0.45f));
    }
}

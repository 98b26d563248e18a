using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>People on the walks and on the zebra crossing.</summary>
internal static class People
{
    public static void Place(SceneBuilder scene)
    {
        var random = scene.Random;
        var walkers = 2 + random.Below(6);
        for (var i = 0; i < walkers; i++)
        {
            var side = random.Sign();
            var z = random.Range(6.5f, 22f);
            var lateral = scene.Road.HalfWidth + 0.5f + (random.Unit() * (scene.Road.Walk(side) - 1f));
            Add(scene, scene.Road.Point(side * lateral, 0, z));
        }

        if (scene.Road.HasZebra)
        {
            var crossers = random.Below(4);
            for (var i = 0; i < crossers; i++)
            {
                var z = scene.Road.ZebraStart + random.Range(0.6f, RoadLayout.ZebraLength - 0.6f);
                Add(scene, scene.Road.Point(random.Range(-0.9f, 0.9f) * scene.Road.HalfWidth, 0, z));
            }
        }
    }

    private static void Add(SceneBuilder scene, Vector3 foot)
    {
        if (!scene.Claim(foot, Vector3.UnitZ, 0.25f, 0.3f))
        {
            return;
        }

        var random = scene.Random;
        var height = random.Range(1.5f, 1.92f);
        var stride = random.Range(0.02f, 0.3f);
        var right = scene.Camera.Unrotate(Vector3.UnitX);
        var hip = foot + (Vector3.UnitY * height * 0.5f);
        var trousers = Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Trousers));
        foreach (var side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            var ankle = foot + (right * side * (0.09f + stride));
            scene.Limb(StreetClasses.Person, trousers, ankle, hip + (right * side * 0.09f), 0.19f);
            scene.Billboard(StreetClasses.Person, Paint.Plain(new Vector3(0.1f)), SurfaceMask.Ellipse, ankle + (Vector3.UnitY * 0.05f), 0.26f, 0.12f);
        }

        Torso(scene, StreetClasses.Person, hip, height, right, random.Range(-0.2f, 0.2f));
        scene.Shadow(foot, 0.8f, 0.5f, 0);
    }

    /// <summary>The body from the hip upwards, shared with riders; the lean moves the shoulders to the right, metres.</summary>
    public static void Torso(SceneBuilder scene, byte trainId, Vector3 hip, float height, Vector3 right, float lean)
    {
        var cloth = Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Cloth));
        var skin = Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Skin));
        var nearer = scene.Camera.Unrotate(-Vector3.UnitZ) * 0.05f;
        var shoulder = hip + (Vector3.UnitY * height * 0.31f) + (right * lean * 0.5f);
        scene.Limb(trainId, cloth, hip - (Vector3.UnitY * 0.06f), shoulder, 0.42f);
        scene.Billboard(trainId, cloth, SurfaceMask.Ellipse, shoulder, 0.48f, 0.24f);
        foreach (var side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            var hand = hip + (right * side * 0.3f) + (Vector3.UnitY * 0.05f) + (right * lean);
            scene.Limb(trainId, cloth with { Tint = cloth.Tint * 0.85f }, hand + nearer, shoulder + nearer + (right * side * 0.22f), 0.12f);
            scene.Billboard(trainId, skin, SurfaceMask.Ellipse, hand + (nearer * 2), 0.13f, 0.13f);
        }

        var head = shoulder + (Vector3.UnitY * height * 0.13f) + nearer;
        scene.Billboard(trainId, skin, SurfaceMask.Ellipse, head, 0.23f, 0.3f);
        var hair = Paint.Of(MaterialKind.Round, scene.Palette.Pick(PaletteSlot.Hair));
        scene.Billboard(trainId, hair, SurfaceMask.Ellipse, head + (Vector3.UnitY * 0.09f) + (nearer * 0.5f), 0.26f, 0.17f);
    }
}

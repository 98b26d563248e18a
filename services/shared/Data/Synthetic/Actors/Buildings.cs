using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The rows of houses, the open lots between them and the skyline at the end of the street.</summary>
internal static class Buildings
{
    private const float FarEnd = 150f;

    public static void Place(SceneBuilder scene)
    {
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            PlaceRow(scene, side);
        }

        Skyline(scene);
    }

    private static void PlaceRow(SceneBuilder scene, int side)
    {
        var random = scene.Random;
        var z = random.Range(-8f, 2f);
        var openShare = random.Range(0.1f, 0.5f);
        float gapStart = scene.Road.CrossStart - 2.5f, gapEnd = scene.Road.CrossEnd + 2.5f;
        while (z < FarEnd)
        {
            var end = z + random.Range(7f, 17f);
            if (end > gapStart && z < gapEnd)
            {
                // The last lot before the crossing is cut short; a sliver would look like a wall and is skipped.
                (z, end) = gapStart - z > 3f ? (z, gapStart) : (gapEnd, gapEnd + end - z);
            }

            if (z < 90f && random.Chance(openShare))
            {
                OpenLot.Place(scene, side, z, end);
            }
            else
            {
                var setback = random.Chance(0.3f) ? random.Range(0.5f, 4f) : 0f;
                House(scene, side, scene.Road.Frontage(side) + setback, z, end);
            }

            z = end + (random.Chance(0.2f) ? random.Range(1f, 4f) : 0f);
        }
    }

    private static void House(SceneBuilder scene, int side, float lateral, float start, float end)
    {
        var random = scene.Random;
        var height = random.Range(6f, 19f);
        var deep = random.Range(9f, 14f) * side;
        var paint = new Paint(MaterialKind.Facade, scene.Palette.Pick(PaletteSlot.Facade), scene.Palette.Pick(PaletteSlot.Glass), scene.TextureSeed());
        var road = scene.Road;
        Vector3 a = road.Point(side * lateral, 0, start), b = road.Point(side * lateral, 0, end);
        Vector3 c = road.Point((side * lateral) + deep, 0, end), d = road.Point((side * lateral) + deep, 0, start);
        var up = Vector3.UnitY * height;
        scene.Polygon(StreetClasses.Building, paint, [a, b, b + up, a + up]);
        scene.Polygon(StreetClasses.Building, paint, [d, a, a + up, d + up]);
        scene.Polygon(StreetClasses.Building, paint, [b, c, c + up, b + up]);
        if (random.Chance(0.5f))
        {
            GableRoof(scene, paint, a + up, b + up, c + up, d + up);
        }
        else
        {
            Cornice(scene, a + up, b + up, d + up, side);
        }
    }

    private static void GableRoof(SceneBuilder scene, Paint wall, Vector3 a, Vector3 b, Vector3 c, Vector3 d)
    {
        var rise = Vector3.UnitY * scene.Random.Range(2f, 3.6f);
        Vector3 nearRidge = ((a + d) / 2) + rise, farRidge = ((b + c) / 2) + rise;
        var tiles = new Paint(MaterialKind.Roof, scene.Palette.Pick(PaletteSlot.Roof), default, scene.TextureSeed());
        scene.Polygon(StreetClasses.Building, tiles, [a, b, farRidge, nearRidge]);
        scene.Polygon(StreetClasses.Building, Paint.Plain(wall.Tint), [d, a, nearRidge]);
    }

    private static void Cornice(SceneBuilder scene, Vector3 a, Vector3 b, Vector3 d, int side)
    {
        var out1 = new Vector3(-side * 0.25f, 0, -0.2f);
        var trim = Paint.Plain(scene.Palette.Pick(PaletteSlot.Kerb) * 0.9f);
        var up = Vector3.UnitY * 0.45f;
        scene.Polygon(StreetClasses.Building, trim, [a + out1, b + out1, b + out1 + up, a + out1 + up]);
        scene.Polygon(StreetClasses.Building, trim, [d + out1, a + out1, a + out1 + up, d + out1 + up]);
    }

    private static void Skyline(SceneBuilder scene)
    {
        var random = scene.Random;
        for (var x = -150f; x < 150f;)
        {
            var width = random.Range(12f, 30f);
            var foot = new Vector3(scene.Road.Centre(FarEnd) + x + (width / 2), 0, FarEnd + random.Range(5f, 40f));
            if (random.Chance(0.45f))
            {
                var leaf = new Paint(MaterialKind.Foliage, scene.Palette.Pick(PaletteSlot.Leaf), default, scene.TextureSeed());
                var tall = random.Range(10f, 16f);
                scene.Billboard(StreetClasses.Vegetation, leaf, SurfaceMask.Hedge, foot + (Vector3.UnitY * tall / 2), width + 4f, tall);
            }
            else
            {
                var wall = new Paint(MaterialKind.Facade, scene.Palette.Pick(PaletteSlot.Facade), scene.Palette.Pick(PaletteSlot.Glass), scene.TextureSeed());
                var tall = random.Range(10f, 26f);
                var right = new Vector3(width / 2, 0, 0);
                var up = Vector3.UnitY * tall;
                scene.Polygon(StreetClasses.Building, wall, [foot - right, foot + right, foot + right + up, foot - right + up]);
            }

            x += width;
        }
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>A lot without a house: a fence or a hedge along the walk and trees behind it.</summary>
internal static class OpenLot
{
    public static void Place(SceneBuilder scene, int side, float start, float end)
    {
        var random = scene.Random;
        var lateral = (scene.Road.Frontage(side) + 0.15f) * side;
        Vector3 a = scene.Road.Point(lateral, 0, start + 0.2f), b = scene.Road.Point(lateral, 0, end - 0.2f);
        if (random.Chance(0.7f))
        {
            Fences.Stretch(scene, a, b, random.Range(1.1f, 1.9f));
        }
        else
        {
            Hedge(scene, a, b, side);
        }

        var trees = 1 + random.Below(3);
        for (var i = 0; i < trees; i++)
        {
            var beyond = random.Range(3f, 9f) * side;
            Trees.Tree(scene, scene.Road.Point(lateral + beyond, 0, random.Range(start + 1f, end - 1f)), random.Range(5f, 10f));
        }

        // Something tall must close the view, or every open lot shows a bare horizon.
        var leaf = new Paint(MaterialKind.Foliage, scene.Palette.Pick(PaletteSlot.Leaf), default, scene.TextureSeed());
        var back = scene.Road.Point(lateral + (side * 12f), 0, (start + end) / 2);
        var along = new Vector3(0, 0, (end - start) / 2);
        var up = Vector3.UnitY * random.Range(2.5f, 5f);
        scene.Polygon(StreetClasses.Vegetation, leaf, [back - along, back + along, back + along + up, back - along + up], SurfaceMask.Hedge);
    }

    private static void Hedge(SceneBuilder scene, Vector3 a, Vector3 b, int side)
    {
        var leaf = new Paint(MaterialKind.Foliage, scene.Palette.Pick(PaletteSlot.Leaf), default, scene.TextureSeed());
        var up = Vector3.UnitY * scene.Random.Range(0.9f, 1.9f);
        var deep = new Vector3(side * 0.9f, 0, 0);
        scene.Polygon(StreetClasses.Vegetation, leaf, [a, b, b + up, a + up], SurfaceMask.Hedge);
        scene.Polygon(StreetClasses.Vegetation, leaf, [a + deep, a, a + up, a + deep + up], SurfaceMask.Hedge);
        scene.Polygon(StreetClasses.Vegetation, leaf, [a + deep, b + deep, b + deep + up, a + deep + up], SurfaceMask.Hedge);
    }
}

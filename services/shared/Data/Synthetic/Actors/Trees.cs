using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Street trees and the trees of open lots.</summary>
internal static class Trees
{
    public static void Place(SceneBuilder scene)
    {
        var random = scene.Random;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            if (!random.Chance(0.5f))
            {
                continue;
            }

            var step = random.Range(8f, 15f);
            for (var z = random.Range(9f, 18f); z < 90f; z += step * random.Range(0.85f, 1.2f))
            {
                if (!scene.Road.InCrossing(z, 3f))
                {
                    Tree(scene, scene.Road.Point(side * (scene.Road.HalfWidth + 0.8f), 0, z), random.Range(4.5f, 7.5f));
                }
            }
        }
    }

    public static void Tree(SceneBuilder scene, Vector3 foot, float height)
    {
        var random = scene.Random;
        var trunk = height * random.Range(0.32f, 0.42f);
        scene.Limb(StreetClasses.Vegetation, Paint.Plain(scene.Palette.Pick(PaletteSlot.Bark)), foot, foot + (Vector3.UnitY * (trunk + 0.6f)), 0.05f * height);
        var tint = scene.Palette.Pick(PaletteSlot.Leaf);
        var width = height * random.Range(0.5f, 0.75f);
        var blobs = 3 + random.Below(3);
        var towards = scene.Camera.Unrotate(Vector3.UnitZ);
        for (var i = 0; i < blobs; i++)
        {
            var size = width * random.Range(0.65f, 1f);
            var offset = new Vector3(random.Range(-0.3f, 0.3f) * width, trunk + (height * random.Range(0.12f, 0.5f)), 0);
            var leaf = new Paint(MaterialKind.Foliage, tint * random.Range(0.88f, 1.1f), default, scene.TextureSeed());
            var centre = foot + offset + (towards * random.Range(-0.4f, 0.4f));
            scene.Billboard(StreetClasses.Vegetation, leaf, SurfaceMask.Foliage, centre, size * 1.15f, size);
        }

        scene.Shadow(foot, width * 1.1f, width * 0.9f, 0.4f);
    }
}

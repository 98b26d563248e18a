namespace IntraDA.Data.Synthetic;

/// <summary>Draws a scene's camera, plan and actors; which domain it is for changes nothing but the palette handed in.</summary>
internal static class SceneComposer
{
    public const int Samples = 2;

    public static SceneBuilder Compose(StreetOptions options, Palette palette, SceneRandom random)
    {
        var road = new RoadLayout(random);
        var camera = Camera(options, road, random);
        var scene = new SceneBuilder(camera, road, palette, random);
        Buildings.Place(scene);
        Trees.Place(scene);
        Fences.Place(scene);
        StreetFurniture.Place(scene);
        Cars.Place(scene);
        People.Place(scene);
        Cyclists.Place(scene);
        return scene;
    }

    private static ViewCamera Camera(StreetOptions options, RoadLayout road, SceneRandom random)
    {
        var place = road.Point(road.HalfWidth * random.Range(0.05f, 0.5f), random.Range(1.35f, 1.9f), 0f);
        var yaw = random.Normal() * 0.07f;
        return new ViewCamera(options.Width, options.Height, Samples, place, yaw, random.Range(0.95f, 1.15f), random.Range(0.4f, 0.52f));
    }
}

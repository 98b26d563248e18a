namespace IntraDA.Data.Synthetic;

/// <summary>Places parked cars along the kerb, cars in the lanes and cars on the crossing street.</summary>
internal static class Cars
{
    public static void Place(SceneBuilder scene)
    {
        var road = scene.Road;
        var random = scene.Random;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            if (random.Chance(0.55f))
            {
                Parked(scene, side);
            }
        }

        var lane = road.HalfWidth * 0.42f;
        if (random.Chance(0.6f))
        {
            var z = random.Range(9f, 40f);
            CarBody.Add(scene, road.Point(lane + random.Range(-0.3f, 0.2f), 0, z), road.Heading(z));
        }

        if (random.Chance(0.6f))
        {
            var z = random.Range(8f, 45f);
            CarBody.Add(scene, road.Point(-lane + random.Range(-0.2f, 0.3f), 0, z), road.Heading(z) + MathF.PI);
        }

        if (road.HasCrossing && random.Chance(0.6f))
        {
            var way = random.Sign();
            var z = ((road.CrossStart + road.CrossEnd) / 2) - (way * 1.7f);
            CarBody.Add(scene, road.Point(random.Range(-12f, 12f), 0, z), way * MathF.PI / 2);
        }
    }

    private static void Parked(SceneBuilder scene, int side)
    {
        var random = scene.Random;
        var share = random.Range(0.35f, 0.9f);
        for (var z = random.Range(4f, 9f); z < 65f; z += random.Range(5.2f, 6.5f))
        {
            var zebra = z > scene.Road.ZebraStart - 3f && z < scene.Road.ZebraStart + 7f;
            if (!zebra && !scene.Road.InCrossing(z, 4f) && random.Chance(share))
            {
                var heading = scene.Road.Heading(z) + (side < 0 ? MathF.PI : 0f) + random.Range(-0.05f, 0.05f);
                CarBody.Add(scene, scene.Road.Point(side * (scene.Road.HalfWidth - 1.05f), 0, z), heading);
            }
        }
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The glow around lamps at night.</summary>
internal static class NightGlow
{
    public static void Apply(ColourImage image, SceneBuilder scene, GBuffer buffer, float severity)
    {
        var camera = scene.Camera;
        foreach (var light in scene.Lights)
        {
            var view = camera.ToView(light.Position);
            if (view.Z < 1f)
            {
                continue;
            }

            var spot = camera.Project(view);
            int column = (int)spot.X, row = (int)spot.Y;
            var inside = spot.X >= 0 && spot.Y >= 0 && column < camera.Columns && row < camera.Rows;

            // A lamp behind something does not glow; half a metre of tolerance spares its own housing.
            if (inside && buffer.Nearness[(row * camera.Columns) + column] <= 1f / MathF.Max(0.1f, view.Z - 0.5f))
            {
                var radius = MathF.Max(light.Glow * camera.Focal / view.Z, camera.Rows * 0.012f) / camera.Samples;
                Add(image, spot / camera.Samples, radius, light.Colour * (0.5f + (0.4f * severity)));
            }
        }
    }

    private static void Add(ColourImage image, Vector2 centre, float radius, Vector3 colour)
    {
        var reach = (int)(radius * 3f) + 1;
        for (var y = Math.Max(0, (int)centre.Y - reach); y <= Math.Min(image.Height - 1, (int)centre.Y + reach); y++)
        {
            for (var x = Math.Max(0, (int)centre.X - reach); x <= Math.Min(image.Width - 1, (int)centre.X + reach); x++)
            {
                var distance = (new Vector2(x + 0.5f, y + 0.5f) - centre).LengthSquared() / (radius * radius);
                image.Pixels[(y * image.Width) + x] += colour * MathF.Exp(-distance * 0.9f);
            }
        }
    }
}

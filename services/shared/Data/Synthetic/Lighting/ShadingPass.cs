using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Turns the samples of a <see cref="GBuffer"/> into colours: material, light, shadow, lamps and haze.</summary>
internal sealed class ShadingPass(SceneBuilder scene, GBuffer buffer, Look look, Illumination light)
{
    private readonly ViewCamera _camera = scene.Camera;
    private readonly GroundShader _ground = new(scene.Road, look, scene.Palette);
    private readonly SkyShader _sky = new(look, scene.Palette);
    private readonly SurfaceShader _surfaces = new(look, scene.Palette.Pick(PaletteSlot.SkyHorizon));

    /// <summary>The colour of every sample, display RGB, not yet clamped.</summary>
    public Vector3[] Run()
    {
        var colours = new Vector3[buffer.Columns * buffer.Rows];
        var normals = new Vector3[scene.Surfaces.Count];
        for (var i = 0; i < normals.Length; i++)
        {
            normals[i] = _camera.Unrotate(scene.Surfaces[i].Normal);
        }

        for (var row = 0; row < buffer.Rows; row++)
        {
            for (var column = 0; column < buffer.Columns; column++)
            {
                var at = (row * buffer.Columns) + column;
                var ray = _camera.Unrotate(_camera.Ray(column, row));
                var number = buffer.Surfaces[at];
                if (number == GBuffer.Sky)
                {
                    colours[at] = light.Sky(_sky.At(ray), ray, _sky.Horizon);
                    continue;
                }

                var depth = 1f / buffer.Nearness[at];
                var place = _camera.Position + (ray * depth);
                var lit = number == GBuffer.Ground ? GroundAt(at, depth) : SurfaceAt(at, number, normals[number], depth, place);
                colours[at] = light.ThroughAir(lit, depth, place, _sky.Horizon);
            }
        }

        return colours;
    }

    private Vector3 GroundAt(int at, float depth)
    {
        var place = buffer.Coordinates[at];

        // On the ground a sample is stretched along the view; the geometric mean is what the eye takes for its size.
        var footprint = depth / _camera.Focal * MathF.Sqrt(depth / _camera.Position.Y);
        var world = new Vector3(place.X, 0, place.Y);
        return _ground.At(place.X, place.Y, footprint) * light.At(world, Vector3.UnitY, HouseShade(place) * buffer.Shade[at], depth);
    }

    // Houses keep the sun off a strip of the ground on the side it stands; under an overcast sky only a soft darkening is left.
    private float HouseShade(Vector2 place)
    {
        var side = look.SunDirection.X < 0 ? -1 : 1;
        var lateral = (place.X - scene.Road.Centre(place.Y)) * side;
        var fromWall = scene.Road.Frontage(side) - lateral;
        var reach = MathF.Abs(look.SunDirection.X / look.SunDirection.Y) * (7f + (9f * ValueNoise.Cell(place.Y / 11f, 0, look.Seed + 21)));
        var soft = 0.05f + (3f * look.Gap);
        var inShade = Math.Clamp(((reach - fromWall) / soft) + 0.5f, 0f, 1f);
        return 1f - (look.ShadowStrength * (1f - (0.4f * look.Gap)) * (scene.Road.InCrossing(place.Y, 1f) ? 0f : inShade));
    }

    private Vector3 SurfaceAt(int at, int number, Vector3 normal, float depth, Vector3 place)
    {
        var surface = scene.Surfaces[number];
        var albedo = _surfaces.At(surface, buffer.Coordinates[at], depth / _camera.Focal, out var form, out var window);
        var paint = surface.Paint;

        // Where things meet the ground less of the sky is seen.
        var contact = 1f - (0.35f * look.Gap * MathF.Max(0f, 1f - (place.Y * 1.4f)));
        if (window && light.LitWindow(paint.Seed, buffer.Coordinates[at]) is { } glow)
        {
            return glow;
        }

        var shaded = albedo * light.At(place, normal, 1f, depth) * (form * contact);
        return paint.Kind is MaterialKind.Lamp or MaterialKind.TrafficLight ? light.Shining(shaded, paint) : shaded;
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Draws surfaces into a <see cref="GBuffer"/>; the nearest wins, for the picture and the label separately.</summary>
internal sealed class Rasteriser(ViewCamera camera, GBuffer target)
{
    private const int MaximumCorners = 16;

    /// <summary>Fills all samples below the horizon with the ground plane; coordinates are world X and Z.</summary>
    public void DrawGround(RoadLayout road)
    {
        for (var row = Math.Max(0, (int)camera.HorizonY + 1); row < camera.Rows; row++)
        {
            var depth = camera.Position.Y * camera.Focal / (row + 0.5f - camera.HorizonY);
            for (var column = 0; column < camera.Columns; column++)
            {
                var world = camera.Unrotate(camera.Ray(column, row) * depth) + camera.Position;
                var at = (row * camera.Columns) + column;
                target.Surfaces[at] = GBuffer.Ground;
                target.Coordinates[at] = new Vector2(world.X, world.Z);
                target.Nearness[at] = target.LabelNearness[at] = 1f / depth;
                target.TrainIds[at] = road.ClassAt(world.X, world.Z);
            }
        }
    }

    public void Draw(Surface surface, int number)
    {
        var distance = Vector3.Dot(surface.Normal, surface.Origin);
        if (MathF.Abs(distance) < 1e-4f)
        {
            return; // seen exactly edge-on
        }

        Span<Vector2> workspace = stackalloc Vector2[MaximumCorners];
        var scan = new PolygonScan(camera, surface.Corners, workspace);
        float offsetU = Vector3.Dot(surface.AxisU, surface.Origin), offsetV = Vector3.Dot(surface.AxisV, surface.Origin);
        var sample = 1f / camera.Focal;
        for (var row = scan.FirstRow; row <= scan.LastRow; row++)
        {
            var (first, last) = scan.Columns(row, camera.Columns);
            for (var column = first; column <= last; column++)
            {
                var at = (row * camera.Columns) + column;
                var ray = camera.Ray(column, row);
                var nearness = Vector3.Dot(surface.Normal, ray) / distance;
                if (nearness <= target.LabelNearness[at] && nearness <= target.Nearness[at])
                {
                    continue;
                }

                var depth = 1f / nearness;
                var u = (Vector3.Dot(surface.AxisU, ray) * depth) - offsetU;
                var v = (Vector3.Dot(surface.AxisV, ray) * depth) - offsetV;
                var coverage = surface.Mask == SurfaceMask.Full ? Coverage.Solid : MaskShapes.At(surface, u, v, depth * sample);
                Write(at, surface, number, nearness, new Vector2(u, v), coverage);
            }
        }
    }

    /// <summary>Darkens the ground samples inside an ellipse; <paramref name="softness"/> 0 is a hard edge, 1 fades from the centre.</summary>
    public void DrawShadow(GroundPatch shadow, float strength, float softness)
    {
        Span<Vector2> workspace = stackalloc Vector2[MaximumCorners];
        var along = new Vector3(shadow.Along.X, 0, shadow.Along.Y);
        var across = new Vector3(shadow.Across.X, 0, shadow.Across.Y);
        var centre = new Vector3(shadow.Centre.X, 0, shadow.Centre.Y);
        ReadOnlySpan<Vector3> corners =
        [
            camera.ToView(centre - along - across), camera.ToView(centre + along - across),
            camera.ToView(centre + along + across), camera.ToView(centre - along + across),
        ];
        var scan = new PolygonScan(camera, corners, workspace);
        float alongScale = 1f / shadow.Along.LengthSquared(), acrossScale = 1f / shadow.Across.LengthSquared();
        for (var row = scan.FirstRow; row <= scan.LastRow; row++)
        {
            var (first, last) = scan.Columns(row, camera.Columns);
            for (var at = (row * camera.Columns) + first; at <= (row * camera.Columns) + last; at++)
            {
                if (target.Surfaces[at] != GBuffer.Ground)
                {
                    continue;
                }

                var offset = target.Coordinates[at] - shadow.Centre;
                var a = Vector2.Dot(offset, shadow.Along) * alongScale;
                var b = Vector2.Dot(offset, shadow.Across) * acrossScale;
                var inside = 1f - (a * a * a * a) - (b * b * b * b);
                if (inside > 0)
                {
                    target.Shade[at] *= 1f - (strength * MathF.Min(1f, inside / (softness + 0.01f)));
                }
            }
        }
    }

    private void Write(int at, Surface surface, int number, float nearness, Vector2 coordinates, Coverage coverage)
    {
        if (coverage != Coverage.None && nearness > target.LabelNearness[at])
        {
            target.LabelNearness[at] = nearness;
            target.TrainIds[at] = surface.TrainId;
        }

        if (coverage == Coverage.Solid && nearness > target.Nearness[at])
        {
            target.Nearness[at] = nearness;
            target.Surfaces[at] = number;
            target.Coordinates[at] = coordinates;
        }
    }
}

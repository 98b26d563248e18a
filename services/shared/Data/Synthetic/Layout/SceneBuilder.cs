using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Collects the surfaces, shadows and lamps of a scene; actors describe themselves in world coordinates.</summary>
internal sealed class SceneBuilder(ViewCamera camera, RoadLayout road, Palette palette, SceneRandom random)
{
    private readonly List<GroundPatch> _claims = [];

    public ViewCamera Camera { get; } = camera;

    public RoadLayout Road { get; } = road;

    public Palette Palette { get; } = palette;

    public SceneRandom Random { get; } = random;

    public List<Surface> Surfaces { get; } = [];

    public List<GroundPatch> Shadows { get; } = [];

    public List<SceneLight> Lights { get; } = [];

    /// <summary>
    /// Takes an oblong place on the ground unless something already stands there: a rider inside a car would teach a
    /// network nonsense. The half length lies along a unit direction.
    /// </summary>
    public bool Claim(Vector3 centre, Vector3 along, float halfLength, float halfWidth)
    {
        var claim = new GroundPatch(
            new Vector2(centre.X, centre.Z), new Vector2(along.X, along.Z) * halfLength, new Vector2(along.Z, -along.X) * halfWidth);
        if (_claims.Exists(other => Touch(other, claim) || Touch(claim, other)))
        {
            return false;
        }

        _claims.Add(claim);
        return true;
    }

    /// <summary>A seed for one object's texture.</summary>
    public uint TextureSeed() => (uint)(Random.Next() >> 32);

    /// <summary>
    /// A flat convex polygon, first corner lower left, then lower right and on. u runs along the first edge; masks and
    /// rounded shading see coordinates from the middle, others from the first corner.
    /// </summary>
    public void Polygon(byte trainId, Paint paint, ReadOnlySpan<Vector3> corners, SurfaceMask mask = SurfaceMask.Full)
    {
        var view = new Vector3[corners.Length];
        var visible = false;
        for (var i = 0; i < corners.Length; i++)
        {
            view[i] = Camera.ToView(corners[i]);
            visible |= view[i].Z > 0.4f;
        }

        if (!visible)
        {
            return;
        }

        var axisU = Vector3.Normalize(view[1] - view[0]);
        var side = view[^1] - view[0];
        var axisV = Vector3.Normalize(side - (axisU * Vector3.Dot(side, axisU)));
        float halfWidth = (view[1] - view[0]).Length() / 2, halfHeight = Vector3.Dot(side, axisV) / 2;
        var centred = mask != SurfaceMask.Full || paint.Kind is not (MaterialKind.Facade or MaterialKind.Roof or MaterialKind.Plain);
        var origin = centred ? view[0] + (axisU * halfWidth) + (axisV * halfHeight) : view[0];
        Surfaces.Add(new Surface(trainId, paint, mask, view, origin, axisU, axisV) { HalfWidth = halfWidth, HalfHeight = halfHeight });
    }

    /// <summary>An upright rectangle that faces the camera, given by its middle.</summary>
    public void Billboard(byte trainId, Paint paint, SurfaceMask mask, Vector3 centre, float width, float height)
    {
        var right = Camera.Unrotate(Vector3.UnitX) * (width / 2);
        var up = Vector3.UnitY * (height / 2);
        Polygon(trainId, paint, [centre - right - up, centre + right - up, centre + right + up, centre - right + up], mask);
    }

    /// <summary>An upright billboard from a foot to a head that never gets thinner than one pixel; limbs may lean.</summary>
    public void Limb(byte trainId, Paint paint, Vector3 foot, Vector3 head, float width)
    {
        var depth = Camera.ToView(foot).Z;
        var half = Camera.Unrotate(Vector3.UnitX) * (MathF.Max(width, Camera.PixelMetres(depth)) / 2);
        Polygon(trainId, paint, [foot - half, foot + half, head + half, head - half]);
    }

    /// <summary>A box on the ground or above it. The middle of its floor is given; the heading turns its length from Z to X.</summary>
    public void Box(byte trainId, Paint paint, Vector3 floor, float width, float height, float length, float heading)
    {
        var (sine, cosine) = MathF.SinCos(heading);
        var along = new Vector3(sine, 0, cosine) * (length / 2);
        var across = new Vector3(cosine, 0, -sine) * (width / 2);
        var up = Vector3.UnitY * height;
        Vector3 a = floor - along - across, b = floor - along + across, c = floor + along + across, d = floor + along - across;
        Polygon(trainId, paint, [a, b, b + up, a + up]);
        Polygon(trainId, paint, [b, c, c + up, b + up]);
        Polygon(trainId, paint, [c, d, d + up, c + up]);
        Polygon(trainId, paint, [d, a, a + up, d + up]);
        Polygon(trainId, paint, [a + up, b + up, c + up, d + up]);
    }

    /// <summary>The shadow of something that stands on the ground.</summary>
    public void Shadow(Vector3 centre, float width, float length, float heading)
    {
        var (sine, cosine) = MathF.SinCos(heading);
        Shadows.Add(new GroundPatch(
            new Vector2(centre.X, centre.Z), new Vector2(sine, cosine) * (length / 2), new Vector2(cosine, -sine) * (width / 2)));
    }

    // Whether the second reaches into the first: its middle, corners and ends stand for the whole of it.
    private static bool Touch(GroundPatch first, GroundPatch second)
    {
        for (var i = -1; i <= 1; i++)
        {
            for (var k = -1; k <= 1; k++)
            {
                var offset = second.Centre + (second.Along * i) + (second.Across * k) - first.Centre;
                var along = Vector2.Dot(offset, first.Along) / first.Along.LengthSquared();
                var across = Vector2.Dot(offset, first.Across) / first.Across.LengthSquared();
                if (MathF.Abs(along) < 1f && MathF.Abs(across) < 1f)
                {
                    return true;
                }
            }
        }

        return false;
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Clips a view-space polygon against the near plane and finds the sample columns it covers in each row.</summary>
internal ref struct PolygonScan
{
    private const float Near = 0.4f;

    private readonly Span<Vector2> _points;
    private readonly int _count;

    public PolygonScan(ViewCamera camera, ReadOnlySpan<Vector3> corners, Span<Vector2> workspace)
    {
        _points = workspace;
        _count = 0;
        float top = float.MaxValue, bottom = float.MinValue;
        for (var i = 0; i < corners.Length; i++)
        {
            var a = corners[i];
            var b = corners[(i + 1) % corners.Length];
            if (a.Z >= Near)
            {
                _points[_count++] = camera.Project(a);
            }

            if (a.Z >= Near != b.Z >= Near)
            {
                _points[_count++] = camera.Project(Vector3.Lerp(a, b, (Near - a.Z) / (b.Z - a.Z)));
            }
        }

        for (var i = 0; i < _count; i++)
        {
            top = MathF.Min(top, _points[i].Y);
            bottom = MathF.Max(bottom, _points[i].Y);
        }

        FirstRow = _count < 3 ? 0 : (int)MathF.Max(0, MathF.Ceiling(top - 0.5f));
        LastRow = _count < 3 ? -1 : (int)MathF.Min(camera.Rows - 1, MathF.Ceiling(bottom - 0.5f) - 1);
    }

    public int FirstRow { get; }

    public int LastRow { get; }

    /// <summary>The first and last column whose sample centres lie in the polygon; empty where last is less than first.</summary>
    public readonly (int First, int Last) Columns(int row, int columns)
    {
        var y = row + 0.5f;
        float left = float.MaxValue, right = float.MinValue;
        for (var i = 0; i < _count; i++)
        {
            var a = _points[i];
            var b = _points[(i + 1) % _count];
            if (a.Y <= y != b.Y <= y)
            {
                var x = a.X + ((b.X - a.X) * (y - a.Y) / (b.Y - a.Y));
                left = MathF.Min(left, x);
                right = MathF.Max(right, x);
            }
        }

        // Bounded before the cast: a point near the camera plane projects beyond what an int holds.
        var first = MathF.Ceiling(MathF.Max(left, 0f) - 0.5f);
        var last = MathF.Ceiling(MathF.Min(right, columns) - 0.5f) - 1;
        return last < first ? (0, -1) : ((int)MathF.Max(first, 0), (int)MathF.Min(last, columns - 1));
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>A flat convex polygon in view space with its own metric coordinates (u to the right, v up).</summary>
internal sealed class Surface(byte trainId, Paint paint, SurfaceMask mask, Vector3[] corners, Vector3 origin, Vector3 axisU, Vector3 axisV)
{
    public byte TrainId { get; } = trainId;

    public Paint Paint { get; } = paint;

    public SurfaceMask Mask { get; } = mask;

    /// <summary>The corners in view space, in order.</summary>
    public Vector3[] Corners { get; } = corners;

    /// <summary>The point where u and v are zero.</summary>
    public Vector3 Origin { get; } = origin;

    public Vector3 AxisU { get; } = axisU;

    public Vector3 AxisV { get; } = axisV;

    /// <summary>The unit normal that looks towards the camera.</summary>
    public Vector3 Normal { get; } = Facing(Vector3.Cross(axisU, axisV), origin);

    /// <summary>Half the extent along u and v; masks and rounded shading are relative to it.</summary>
    public float HalfWidth { get; init; } = 1f;

    public float HalfHeight { get; init; } = 1f;

    private static Vector3 Facing(Vector3 normal, Vector3 point) => Vector3.Dot(normal, point) > 0 ? -normal : normal;
}

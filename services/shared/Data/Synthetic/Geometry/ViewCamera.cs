using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>
/// The pinhole camera of a scene. World: X right, Y up, Z along the street, metres. View: the same handedness with the
/// camera in the origin. Pitch only shifts the horizon, which keeps verticals vertical as street photographs do.
/// </summary>
internal sealed class ViewCamera
{
    private readonly float _sine;
    private readonly float _cosine;

    public ViewCamera(int width, int height, int samples, Vector3 position, float yaw, float focal, float horizon)
    {
        Columns = width * samples;
        Rows = height * samples;
        Samples = samples;
        Position = position;
        Focal = focal * Rows;
        CentreX = Columns * 0.5f;
        HorizonY = horizon * Rows;
        (_sine, _cosine) = MathF.SinCos(yaw);
    }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>How many samples lie side by side in one image pixel.</summary>
    public int Samples { get; }

    public Vector3 Position { get; }

    /// <summary>The focal length in samples.</summary>
    public float Focal { get; }

    public float CentreX { get; }

    public float HorizonY { get; }

    public Vector3 ToView(Vector3 world) => Rotate(world - Position);

    /// <summary>Turns a world direction into a view direction.</summary>
    public Vector3 Rotate(Vector3 d) => new((d.X * _cosine) - (d.Z * _sine), d.Y, (d.X * _sine) + (d.Z * _cosine));

    /// <summary>Turns a view direction back into a world direction.</summary>
    public Vector3 Unrotate(Vector3 d) => new((d.X * _cosine) + (d.Z * _sine), d.Y, (d.Z * _cosine) - (d.X * _sine));

    /// <summary>The direction through a sample, scaled to depth one.</summary>
    public Vector3 Ray(int column, int row) =>
        new((column + 0.5f - CentreX) / Focal, (HorizonY - row - 0.5f) / Focal, 1f);

    public Vector2 Project(Vector3 view) => new(CentreX + (view.X / view.Z * Focal), HorizonY - (view.Y / view.Z * Focal));

    /// <summary>The width in metres that fills one image pixel at a depth: nothing may be thinner or it falls through the grid.</summary>
    public float PixelMetres(float depth) => MathF.Max(depth, 1f) * Samples / Focal;
}

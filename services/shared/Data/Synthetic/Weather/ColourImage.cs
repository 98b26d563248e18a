using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>An image of display RGB colours that are not clamped yet, row-major.</summary>
internal sealed class ColourImage(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public Vector3[] Pixels { get; set; } = new Vector3[width * height];

    /// <summary>The pixel at a place, the nearest one where the place lies outside.</summary>
    public Vector3 Clamped(int x, int y) => Pixels[(Math.Clamp(y, 0, Height - 1) * Width) + Math.Clamp(x, 0, Width - 1)];

    /// <summary>The image as bytes, rounded.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Pixels.Length * 3];
        for (var i = 0; i < Pixels.Length; i++)
        {
            var c = (Vector3.Clamp(Pixels[i], Vector3.Zero, Vector3.One) * 255f) + new Vector3(0.5f);
            bytes[3 * i] = (byte)c.X;
            bytes[(3 * i) + 1] = (byte)c.Y;
            bytes[(3 * i) + 2] = (byte)c.Z;
        }

        return bytes;
    }
}

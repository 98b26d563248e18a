using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>What the camera does to every picture: grading, blur, vignette.</summary>
internal static class Lens
{
    private static readonly Vector3 Luma = new(0.299f, 0.587f, 0.114f);

    public static void Apply(ColourImage image, Look look)
    {
        Grade(image, look);
        Blur(image, look.Blur);
        if (look.Vignette > 0f)
        {
            Vignette(image, look.Vignette);
        }
    }

    /// <summary>A 3 x 3 binomial blur, mixed with the sharp image by a weight of 0 to 1, repeated for larger images.</summary>
    public static void Blur(ColourImage image, float weight)
    {
        // The blur is one of the optics: it grows with the image so that scenes look alike in every size.
        var rounds = weight <= 0.01f ? 0 : Math.Max(1, image.Height / 96);
        for (var round = 0; round < rounds; round++)
        {
            var source = image.Pixels;
            var across = new Vector3[source.Length];
            var both = new Vector3[source.Length];
            Smooth(source, across, image.Width, 1, weight);
            Smooth(across, both, image.Width, image.Width, weight);
            image.Pixels = both;
        }
    }

    private static void Smooth(Vector3[] source, Vector3[] target, int width, int step, float weight)
    {
        for (var i = 0; i < source.Length; i++)
        {
            var x = i % width;
            var before = step == 1 ? x > 0 : i >= step;
            var after = step == 1 ? x < width - 1 : i < source.Length - step;
            var around = source[before ? i - step : i] + source[after ? i + step : i];
            target[i] = Vector3.Lerp(source[i], around * 0.5f, weight * 0.5f);
        }
    }

    private static void Grade(ColourImage image, Look look)
    {
        var gain = look.WhiteBalance * look.Exposure;
        var pixels = image.Pixels;
        for (var i = 0; i < pixels.Length; i++)
        {
            var c = pixels[i] * gain;
            c = Vector3.Lerp(c, new Vector3(Vector3.Dot(c, Luma)), look.Desaturation);
            c = ((c - new Vector3(0.5f)) * look.Contrast) + new Vector3(0.5f);
            c = Vector3.Clamp(c, Vector3.Zero, new Vector3(1.2f));
            pixels[i] = look.Gamma == 1f ? c : new Vector3(MathF.Pow(c.X, look.Gamma), MathF.Pow(c.Y, look.Gamma), MathF.Pow(c.Z, look.Gamma));
        }
    }

    private static void Vignette(ColourImage image, float strength)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var dy = ((2f * (y + 0.5f)) / image.Height) - 1f;
            for (var x = 0; x < image.Width; x++)
            {
                var dx = ((2f * (x + 0.5f)) / image.Width) - 1f;
                var radius = ((dx * dx) + (dy * dy)) / 2f;
                image.Pixels[(y * image.Width) + x] *= 1f - (strength * radius * radius);
            }
        }
    }
}

using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Rain: the wet ground mirrors what stands on it, drops leave streaks, and the picture loses contrast.</summary>
internal static class RainFilter
{
    public static void Apply(ColourImage image, byte[] labels, float horizon, uint seed, SceneRandom random, float severity)
    {
        Mirror(image, labels, horizon, seed, severity);
        Streaks(image, random, severity);
        var grey = new Vector3(0.5f, 0.52f, 0.54f);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = Vector3.Lerp(image.Pixels[i], grey, 0.22f * severity);
        }
    }

    private static void Mirror(ColourImage image, byte[] labels, float horizon, uint seed, float severity)
    {
        var source = (Vector3[])image.Pixels.Clone();
        for (var y = Math.Max(0, (int)horizon); y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var at = (y * image.Width) + x;
                if (labels[at] is not (StreetClasses.Road or StreetClasses.Sidewalk))
                {
                    continue;
                }

                // Puddles are flat and mirror well, the asphalt between them only shimmers; both blur along the column.
                var below = (y - horizon) / image.Height;
                var puddle = ValueNoise.Fractal((x - (image.Width / 2f)) / image.Height / (below + 0.05f) * 1.5f, 1f / (below + 0.05f), seed);
                var wet = severity * Math.Clamp(((puddle - 0.38f) * 2.2f) + 0.25f, 0.2f, 0.8f);
                var mirrored = (int)((2 * horizon) - y);
                var sum = Vector3.Zero;
                for (var k = -2; k <= 2; k++)
                {
                    var shift = (int)(ValueNoise.Cell(x, y + k, seed + 1) * 3f) - 1;
                    sum += source[(Math.Clamp(mirrored + (k * image.Height / 48), 0, image.Height - 1) * image.Width) + Math.Clamp(x + shift, 0, image.Width - 1)];
                }

                image.Pixels[at] = Vector3.Lerp(source[at] * (1f - (0.35f * severity)), sum / 5f, wet);
            }
        }
    }

    private static void Streaks(ColourImage image, SceneRandom random, float severity)
    {
        var count = (int)(severity * 1.1f * image.Width * MathF.Min(1f, 160f / image.Width));
        var slant = random.Range(-0.25f, 0.25f);
        var thick = Math.Max(1, image.Height / 160);
        for (var i = 0; i < count; i++)
        {
            float x = random.Range(0, image.Width), y = random.Range(-10, image.Height);
            var length = image.Height * random.Range(0.05f, 0.14f);
            var strength = random.Range(0.1f, 0.32f) * severity;
            for (var step = 0; step < length; step++)
            {
                for (var wide = 0; wide < thick; wide++)
                {
                    int column = (int)(x + (slant * step)) + wide, row = (int)y + step;
                    if (column >= 0 && column < image.Width && row >= 0 && row < image.Height)
                    {
                        var at = (row * image.Width) + column;
                        image.Pixels[at] = Vector3.Lerp(image.Pixels[at], new Vector3(0.85f, 0.87f, 0.9f), strength);
                    }
                }
            }
        }
    }
}

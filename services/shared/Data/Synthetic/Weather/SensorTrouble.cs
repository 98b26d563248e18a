using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Sensor noise of every camera picture, and the motion blur and block artefacts of bad ones.</summary>
internal static class SensorTrouble
{
    public static void MotionBlur(ColourImage image, float severity)
    {
        var reach = Math.Max(1, (int)(image.Height * 0.022f * severity));
        var source = image.Pixels;
        var target = new Vector3[source.Length];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var sum = Vector3.Zero;
                for (var k = -reach; k <= reach; k++)
                {
                    sum += source[(y * image.Width) + Math.Clamp(x + k, 0, image.Width - 1)];
                }

                target[(y * image.Width) + x] = sum / ((2 * reach) + 1);
            }
        }

        image.Pixels = target;
    }

    /// <summary>Pulls the pixels of each block towards the block's mean, as a starved encoder does.</summary>
    public static void Blocks(ColourImage image, float severity)
    {
        var size = Math.Max(4, image.Height / 16);
        for (var top = 0; top < image.Height; top += size)
        {
            for (var left = 0; left < image.Width; left += size)
            {
                int bottom = Math.Min(top + size, image.Height), right = Math.Min(left + size, image.Width);
                var sum = Vector3.Zero;
                for (var y = top; y < bottom; y++)
                {
                    for (var x = left; x < right; x++)
                    {
                        sum += image.Pixels[(y * image.Width) + x];
                    }
                }

                var mean = sum / ((bottom - top) * (right - left));
                for (var y = top; y < bottom; y++)
                {
                    for (var x = left; x < right; x++)
                    {
                        ref var pixel = ref image.Pixels[(y * image.Width) + x];
                        pixel = Vector3.Lerp(pixel, mean, 0.45f * severity);
                    }
                }
            }
        }
    }

    /// <summary>Adds noise, partly common to the channels and partly their own, as sensors show it.</summary>
    public static void Noise(ColourImage image, float deviation, SceneRandom random)
    {
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var common = random.Normal() * 0.7f;
            image.Pixels[i] += ((new Vector3(random.Normal(), random.Normal(), random.Normal()) * 0.7f) + new Vector3(common)) * deviation;
        }
    }
}

using IntraDA.Learning.Numbers;
using IntraDA.Learning.Randomness;
using static TorchSharp.torch;

namespace IntraDA.Learning.Preprocessing;

/// <summary>
/// Photometric augmentation: gamma, contrast, brightness, colour cast, saturation and noise, each image with its own draw. Not part of the
/// published method; at small scale every stage needs it.
/// </summary>
public static class PhotometricAugmentation
{
    private const double Full = 255.0;

    /// <summary>Changes an image's appearance and leaves its geometry.</summary>
    /// <param name="image">RGB on the 0-255 scale, float32, <c>[3, H, W]</c>.</param>
    /// <param name="random">The iteration's stream.</param>
    /// <returns>The same shape and scale, clamped to 0..255.</returns>
    public static Tensor Apply(Tensor image, CounterRandom random)
    {
        using var scope = NewDisposeScope();
        var gamma = Math.Exp(random.NextDouble(-0.5, 0.5));
        var contrast = random.NextDouble(0.6, 1.4);
        var brightness = random.NextDouble(-40, 40);
        var saturation = random.NextDouble(0.3, 1.5);
        var x = image.Over(Full).ClampInPlace(0, 1).PowerInPlace(gamma).TimesInPlace(Full);
        x = x.Plus(-127.5).TimesInPlace(contrast).PlusInPlace(127.5 + brightness);
        var grey = x.mean([0], keepdim: true);
        x = (x - grey).TimesInPlace(saturation).add_(grey);
        x = x.mul_(tensor(new[] { Cast(random), Cast(random), Cast(random) }, [3, 1, 1], device: image.device));
        if (random.NextDouble() < 0.5)
        {
            x = x.add_(Noise(x.shape, random.NextDouble(2, 14), random).to(image.device));
        }

        return x.ClampInPlace(0, Full).MoveToOuterDisposeScope();
    }

    private static float Cast(CounterRandom random) => (float)random.NextDouble(0.85, 1.15);

    private static Tensor Noise(long[] shape, double deviation, CounterRandom random)
    {
        var values = new float[shape[0] * shape[1] * shape[2]];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(deviation * random.NextGaussian());
        }

        return tensor(values, shape);
    }
}

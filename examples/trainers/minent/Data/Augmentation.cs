namespace MinEntTrainer.Data;

/// <summary>Photometric augmentation: gamma, contrast, brightness, colour cast, saturation and noise, one draw an image.</summary>
internal static class Augmentation
{
    /// <summary>Changes how an image looks, and leaves its geometry.</summary>
    /// <param name="rgb">Planes of R, G and B on the scale 0 to 255.</param>
    /// <param name="random">The image's stream.</param>
    public static void Apply(float[] rgb, Random random)
    {
        var gamma = Math.Exp(random.Between(-0.5, 0.5));
        var contrast = random.Between(0.6, 1.4);
        var brightness = random.Between(-40, 40);
        var saturation = random.Between(0.3, 1.5);
        double[] cast = [random.Between(0.85, 1.15), random.Between(0.85, 1.15), random.Between(0.85, 1.15)];
        var deviation = random.NextDouble() < 0.5 ? random.Between(2, 14) : 0;
        var pixels = rgb.Length / 3;
        Span<double> colour = stackalloc double[3];
        for (var i = 0; i < pixels; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                colour[c] = ((255 * Math.Pow(rgb[(c * pixels) + i] / 255, gamma)) - 127.5) * contrast + 127.5 + brightness;
            }

            var grey = (colour[0] + colour[1] + colour[2]) / 3;
            for (var c = 0; c < 3; c++)
            {
                var value = (((colour[c] - grey) * saturation) + grey) * cast[c];
                rgb[(c * pixels) + i] = (float)Math.Clamp(deviation > 0 ? value + (deviation * random.Gaussian()) : value, 0, 255);
            }
        }
    }
}

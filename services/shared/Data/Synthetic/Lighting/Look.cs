using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>Everything about a scene's appearance that is not a material's colour: light, texture detail, grading, lens, sensor.</summary>
internal sealed class Look
{
    /// <summary>How far this scene lies from the game's appearance, 0 to 1.</summary>
    public required float Gap { get; init; }

    /// <summary>The world direction towards the sun.</summary>
    public required Vector3 SunDirection { get; init; }

    public required Vector3 Sun { get; init; }

    public required Vector3 Ambient { get; init; }

    /// <summary>How dark shadows on the ground are, 0 to 1.</summary>
    public required float ShadowStrength { get; init; }

    public required float Exposure { get; init; }

    public required Vector3 WhiteBalance { get; init; }

    /// <summary>0 keeps the colours, 1 is grey.</summary>
    public required float Desaturation { get; init; }

    public required float Contrast { get; init; }

    public required float Gamma { get; init; }

    /// <summary>How much darkness lens fall-off brings to the corners, 0 to 1.</summary>
    public required float Vignette { get; init; }

    /// <summary>The weight of a 3 x 3 blur, 0 to 1.</summary>
    public required float Blur { get; init; }

    /// <summary>The standard deviation of sensor noise, of the full range.</summary>
    public required float SensorNoise { get; init; }

    /// <summary>Aerial haze, per metre.</summary>
    public required float Haze { get; init; }

    public required uint Seed { get; init; }

    public static Look For(float gap, SceneRandom random)
    {
        float Between(float game, float camera) => game + ((camera - game) * gap);
        var azimuth = random.Range(-1f, 1f) * MathF.PI;
        var elevation = random.Range(0.95f, 1.2f);
        var (sine, cosine) = MathF.SinCos(azimuth);
        var warmth = random.Normal() * 0.05f * gap;
        return new Look
        {
            Gap = gap,
            SunDirection = Vector3.Normalize(new Vector3(sine, MathF.Tan(elevation), -MathF.Abs(cosine))),
            Sun = Vector3.Lerp(new Vector3(0.62f, 0.58f, 0.5f), new Vector3(0.22f, 0.22f, 0.22f), gap),
            Ambient = Vector3.Lerp(new Vector3(0.6f, 0.62f, 0.68f), new Vector3(0.82f, 0.82f, 0.8f), gap),
            ShadowStrength = Between(0.5f, 0.32f),
            Exposure = 1f + (gap * 0.1f * random.Normal()),
            WhiteBalance = Vector3.Lerp(Vector3.One, new Vector3(1.05f + warmth, 1f, 0.92f - warmth), gap),
            Desaturation = Between(0f, 0.2f),
            Contrast = Between(1.08f, 0.9f),
            Gamma = Between(1f, 1.12f + (0.06f * random.Normal())),
            Vignette = Between(0f, 0.32f),
            Blur = Between(0f, 0.5f),
            SensorNoise = Between(0.004f, 0.015f),
            Haze = Between(0.0006f, 0.0028f),
            Seed = (uint)(random.Next() >> 32),
        };
    }
}

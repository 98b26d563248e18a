namespace IntraDA.Data.Synthetic;

/// <summary>
/// Renders synthetic street scenes with label maps. Both domains draw their geometry from one distribution and differ in
/// appearance alone; scenes of one index in the two domains are unrelated.
/// </summary>
public sealed class StreetGenerator
{
    private const ulong GeometryPurpose = 0x47656F6DUL;
    private const ulong PalettePurpose = 0x50616C65UL;
    private const ulong LookPurpose = 0x4C6F6F6BUL;
    private const ulong WeatherPurpose = 0x57656174UL;
    private const ulong SensorPurpose = 0x53656E73UL;

    private readonly StreetOptions _options;

    /// <summary>Makes a generator for one collection of scenes.</summary>
    /// <param name="options">The settings, checked here.</param>
    /// <exception cref="ArgumentException">At least one setting is out of its range; the message lists each.</exception>
    public StreetGenerator(StreetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Renders one scene: a pure function of the options, the domain and the index, safe to call from many threads.</summary>
    /// <param name="domain">The appearance family.</param>
    /// <param name="index">The scene's number, any integer.</param>
    /// <returns>The image, Height x Width x 3, with its label map, Height x Width.</returns>
    public StreetScene Render(StreetDomain domain, int index)
    {
        SceneRandom Stream(ulong purpose) => SceneRandom.For(_options.Seed, domain, index, purpose);
        var gap = domain == StreetDomain.Game ? 0f : (float)_options.Gap;
        var weather = Weather.Pick(domain, _options.HardShare, Stream(WeatherPurpose));
        var look = Look.For(gap, Stream(LookPurpose));
        var scene = SceneComposer.Compose(_options, new Palette(gap, Stream(PalettePurpose)), Stream(GeometryPurpose));
        var buffer = Rasterise(scene, look);
        var colours = new ShadingPass(scene, buffer, look, new Illumination(scene, look, weather)).Run();
        var labels = Resolve.Labels(buffer, SceneComposer.Samples);
        var image = Resolve.Colours(colours, _options.Width, _options.Height, SceneComposer.Samples);
        Record(image, scene, buffer, labels, look, weather, Stream(SensorPurpose));
        return new StreetScene(_options.Width, _options.Height, image.ToBytes(), labels, weather.Condition, weather.Severity);
    }

    private static GBuffer Rasterise(SceneBuilder scene, Look look)
    {
        var buffer = new GBuffer(scene.Camera.Columns, scene.Camera.Rows);
        var rasteriser = new Rasteriser(scene.Camera, buffer);
        rasteriser.DrawGround(scene.Road);
        for (var i = 0; i < scene.Surfaces.Count; i++)
        {
            rasteriser.Draw(scene.Surfaces[i], i);
        }

        foreach (var shadow in scene.Shadows)
        {
            rasteriser.DrawShadow(shadow, look.ShadowStrength + 0.1f, look.Gap);
        }

        return buffer;
    }

    // In the order of the real chain: what happens before the lens, in it, and behind it on the sensor.
    private static void Record(
        ColourImage image, SceneBuilder scene, GBuffer buffer, byte[] labels, Look look, Weather weather, SceneRandom random)
    {
        var severity = weather.Severity;
        var noise = look.SensorNoise;
        switch (weather.Condition)
        {
            case StreetCondition.Night:
                NightGlow.Apply(image, scene, buffer, severity);
                noise += 0.042f * severity;
                break;
            case StreetCondition.Rain:
                RainFilter.Apply(image, labels, scene.Camera.HorizonY / scene.Camera.Samples, look.Seed, random, severity);
                break;
            case StreetCondition.Fog:
                noise += 0.012f * severity;
                break;
            default:
                break;
        }

        Lens.Apply(image, look);
        if (weather.Condition == StreetCondition.Noise)
        {
            SensorTrouble.MotionBlur(image, severity);
            SensorTrouble.Noise(image, 0.13f * severity, random);
            SensorTrouble.Blocks(image, severity);
            return;
        }

        SensorTrouble.Noise(image, noise, random);
    }
}

using IntraDA.Data.Synthetic;

namespace IntraDA.Data.Tests.Synthetic;

public sealed class StreetAppearanceTests
{
    [Fact]
    public void The_game_is_always_clear()
    {
        var generator = new StreetGenerator(new StreetOptions { Width = 32, Height = 32, HardShare = 1 });
        for (var index = 0; index < 40; index++)
        {
            var scene = generator.Render(StreetDomain.Game, index);

            Assert.Equal(StreetCondition.Clear, scene.Condition);
            Assert.Equal(0, scene.Severity);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 / 3.0)]
    [InlineData(1)]
    public void The_share_of_hard_scenes_is_the_one_asked_for(double share)
    {
        const int count = 600;
        var generator = new StreetGenerator(new StreetOptions { Width = 16, Height = 16, HardShare = share });
        var seen = new Dictionary<StreetCondition, int>();
        for (var index = 0; index < count; index++)
        {
            var scene = generator.Render(StreetDomain.Camera, index);
            seen[scene.Condition] = seen.GetValueOrDefault(scene.Condition) + 1;
            Assert.InRange(scene.Severity, scene.Condition == StreetCondition.Clear ? 0 : 0.5, scene.Condition == StreetCondition.Clear ? 0 : 1);
        }

        var hard = count - seen.GetValueOrDefault(StreetCondition.Clear);
        Assert.InRange(hard / (double)count, share - 0.06, share + 0.06);
        if (share > 0)
        {
            Assert.All(Enum.GetValues<StreetCondition>()[1..], condition => Assert.True(seen.GetValueOrDefault(condition) > hard / 8));
        }
    }

    [Fact]
    public void The_camera_is_warmer_and_greyer_than_the_game()
    {
        var generator = new StreetGenerator(new StreetOptions { HardShare = 0 });
        var game = Statistics(generator, StreetDomain.Game, 30);
        var camera = Statistics(generator, StreetDomain.Camera, 30);

        Assert.True(camera.Red - camera.Blue > game.Red - game.Blue + 8);
        Assert.True(camera.Saturation < 0.85 * game.Saturation, $"{camera.Saturation} against {game.Saturation}");
    }

    [Fact]
    public void Without_a_gap_the_domains_share_their_colours()
    {
        var generator = new StreetGenerator(new StreetOptions { HardShare = 0, Gap = 0 });
        var game = Statistics(generator, StreetDomain.Game, 60);
        var camera = Statistics(generator, StreetDomain.Camera, 60);

        Assert.InRange(camera.Red - game.Red, -12, 12);
        Assert.InRange(camera.Blue - game.Blue, -12, 12);
    }

    [Fact]
    public void Night_is_darker_than_a_clear_day_and_fog_is_flatter()
    {
        var generator = new StreetGenerator(new StreetOptions { HardShare = 0.7, Gap = 0.7 });
        var scenes = Enumerable.Range(0, 80).Select(index => generator.Render(StreetDomain.Camera, index)).ToLookup(scene => scene.Condition);

        var clear = scenes[StreetCondition.Clear].ToList();
        var (night, light) = (scenes[StreetCondition.Night].Average(Mean), clear.Average(Mean));
        Assert.True(night < 0.65 * light, $"{night:F1} against {light:F1}");
        var (fog, day) = (scenes[StreetCondition.Fog].Average(Deviation), clear.Average(Deviation));
        Assert.True(fog < 0.95 * day, $"{fog:F1} against {day:F1}");
    }

    private static double Mean(StreetScene scene) => scene.Rgb.Average(value => (double)value);

    private static double Deviation(StreetScene scene)
    {
        var mean = Mean(scene);
        return Math.Sqrt(scene.Rgb.Average(value => (value - mean) * (value - mean)));
    }

    private static (double Red, double Blue, double Saturation) Statistics(StreetGenerator generator, StreetDomain domain, int count)
    {
        double red = 0, blue = 0, saturation = 0;
        var pixels = 0;
        for (var index = 0; index < count; index++)
        {
            var rgb = generator.Render(domain, index).Rgb;
            for (var at = 0; at < rgb.Length; at += 3)
            {
                red += rgb[at];
                blue += rgb[at + 2];
                saturation += Math.Max(rgb[at], Math.Max(rgb[at + 1], rgb[at + 2])) - Math.Min(rgb[at], Math.Min(rgb[at + 1], rgb[at + 2]));
                pixels++;
            }
        }

        return (red / pixels, blue / pixels, saturation / pixels);
    }
}

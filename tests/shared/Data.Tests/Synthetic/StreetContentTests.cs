using IntraDA.Data.Synthetic;

namespace IntraDA.Data.Tests.Synthetic;

public sealed class StreetContentTests
{
    private const int Scenes = 60;

    // Per cent of all pixels, in the order of the train ids; about half of what the generator gives.
    private static readonly double[] MinimumShares = [15, 2.5, 12, 0.6, 0.5, 0.25, 4, 4, 0.35, 0.35, 3];

    [Theory]
    [InlineData(StreetDomain.Game)]
    [InlineData(StreetDomain.Camera)]
    public void Every_class_takes_a_share_that_can_be_learnt(StreetDomain domain)
    {
        var generator = new StreetGenerator(new StreetOptions { Seed = 3 });
        var pixels = new long[11];
        var presence = new int[11];
        for (var index = 0; index < Scenes; index++)
        {
            var counts = new long[11];
            foreach (var id in generator.Render(domain, index).TrainIds)
            {
                counts[id]++;
            }

            for (var id = 0; id < 11; id++)
            {
                pixels[id] += counts[id];
                presence[id] += counts[id] >= 10 ? 1 : 0;
            }
        }

        for (var id = 0; id < 11; id++)
        {
            var share = 100.0 * pixels[id] / (Scenes * 160 * 96);
            Assert.True(share >= MinimumShares[id], $"{StreetClasses.Names[id]}: {share:F2} %");
            Assert.True(presence[id] >= Scenes / 2, $"{StreetClasses.Names[id]}: in {presence[id]} of {Scenes}");
        }
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(161, 97)]
    [InlineData(77, 131)]
    [InlineData(320, 192)]
    public void Odd_sizes_give_full_arrays_of_known_labels(int width, int height)
    {
        var generator = new StreetGenerator(new StreetOptions { Width = width, Height = height, HardShare = 1 });
        for (var index = 0; index < 8; index++)
        {
            var scene = generator.Render(StreetDomain.Camera, index);

            Assert.Equal(width * height * 3, scene.Rgb.Length);
            Assert.Equal(width * height, scene.TrainIds.Length);
            Assert.DoesNotContain(scene.TrainIds, id => id > 10 && id != StreetClasses.Ignore);
        }
    }

    [Fact]
    public void Poles_of_one_pixel_are_kept_unbroken()
    {
        // At this size most posts are thinner than a pixel: without care they would be dotted lines.
        var generator = new StreetGenerator(new StreetOptions { Width = 80, Height = 48, Seed = 4 });
        var scenesWithThinPole = 0;
        for (var index = 0; index < 40; index++)
        {
            scenesWithThinPole += HasThinPole(generator.Render(StreetDomain.Game, index)) ? 1 : 0;
        }

        Assert.True(scenesWithThinPole >= 28, $"only {scenesWithThinPole} of 40 scenes");
    }

    [Fact]
    public void The_sky_is_above_and_the_road_below()
    {
        var generator = new StreetGenerator(new StreetOptions { Seed = 6 });
        for (var index = 0; index < 20; index++)
        {
            var labels = generator.Render(StreetDomain.Game, index).TrainIds;

            Assert.DoesNotContain((byte)0, labels[..(160 * 30)]);
            Assert.DoesNotContain((byte)7, labels[(160 * 60)..]);
        }
    }

    private static bool HasThinPole(StreetScene scene)
    {
        for (var x = 1; x < scene.Width - 2; x++)
        {
            var run = 0;
            for (var y = 0; y < scene.Height; y++)
            {
                var row = y * scene.Width;
                var thin = scene.TrainIds[row + x] == 4 && scene.TrainIds[row + x - 1] != 4 && scene.TrainIds[row + x + 2] != 4;
                run = thin ? run + 1 : 0;
                if (run >= scene.Height / 6)
                {
                    return true;
                }
            }
        }

        return false;
    }
}

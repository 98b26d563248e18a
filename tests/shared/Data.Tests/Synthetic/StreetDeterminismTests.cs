using IntraDA.Data.Synthetic;

namespace IntraDA.Data.Tests.Synthetic;

public sealed class StreetDeterminismTests
{
    [Theory]
    [InlineData(StreetDomain.Game)]
    [InlineData(StreetDomain.Camera)]
    public void Two_generators_of_the_same_options_render_the_same_bytes(StreetDomain domain)
    {
        for (var index = -1; index < 8; index++)
        {
            var first = new StreetGenerator(new StreetOptions { Seed = 5 }).Render(domain, index);
            var second = new StreetGenerator(new StreetOptions { Seed = 5 }).Render(domain, index);

            Assert.Equal(first.Rgb, second.Rgb);
            Assert.Equal(first.TrainIds, second.TrainIds);
            Assert.Equal(first.Condition, second.Condition);
            Assert.Equal(first.Severity, second.Severity);
        }
    }

    [Fact]
    public void Rendering_in_parallel_gives_what_rendering_in_order_gives()
    {
        const int count = 24;
        var generator = new StreetGenerator(new StreetOptions { Seed = 9, HardShare = 0.8 });
        var parallel = new StreetScene[count];

        Parallel.For(0, count, i => parallel[i] = generator.Render(StreetDomain.Camera, i));

        for (var i = 0; i < count; i++)
        {
            var serial = generator.Render(StreetDomain.Camera, i);
            Assert.Equal(serial.Rgb, parallel[i].Rgb);
            Assert.Equal(serial.TrainIds, parallel[i].TrainIds);
        }
    }

    [Fact]
    public void Another_seed_index_or_domain_is_another_scene()
    {
        var generator = new StreetGenerator(new StreetOptions { Seed = 1 });
        var labels = generator.Render(StreetDomain.Game, 3).TrainIds;

        Assert.NotEqual(labels, new StreetGenerator(new StreetOptions { Seed = 2 }).Render(StreetDomain.Game, 3).TrainIds);
        Assert.NotEqual(labels, generator.Render(StreetDomain.Game, 4).TrainIds);
        Assert.NotEqual(labels, generator.Render(StreetDomain.Camera, 3).TrainIds);
    }

    [Fact]
    public void The_gap_changes_the_picture_and_leaves_the_labels()
    {
        var narrow = new StreetGenerator(new StreetOptions { Gap = 0.1, HardShare = 0 }).Render(StreetDomain.Camera, 2);
        var wide = new StreetGenerator(new StreetOptions { Gap = 0.9, HardShare = 0 }).Render(StreetDomain.Camera, 2);

        Assert.Equal(narrow.TrainIds, wide.TrainIds);
        Assert.NotEqual(narrow.Rgb, wide.Rgb);
    }
}

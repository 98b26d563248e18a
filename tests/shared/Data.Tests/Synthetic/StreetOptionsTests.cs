using IntraDA.Data.Synthetic;

namespace IntraDA.Data.Tests.Synthetic;

public sealed class StreetOptionsTests
{
    [Fact]
    public void All_violations_are_listed_together()
    {
        var options = new StreetOptions { Width = 3, Height = 9000, Gap = 1.5, HardShare = double.NaN };

        var thrown = Assert.Throws<ArgumentException>(() => new StreetGenerator(options));

        foreach (var name in new[] { "Width", "Height", "Gap", "HardShare" })
        {
            Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_the_violated_setting_is_named()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new StreetGenerator(new StreetOptions { Gap = -0.1 }));

        Assert.Contains("Gap", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Width", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_and_limits_are_accepted()
    {
        new StreetOptions().Validate();
        new StreetOptions { Width = 16, Height = 4096, Gap = 0, HardShare = 1 }.Validate();
    }

    [Fact]
    public void Every_class_has_a_name_and_a_colour_of_its_own()
    {
        Assert.Equal(11, StreetClasses.Names.Count);
        Assert.Equal(33, StreetClasses.Palette.Length);
        var colours = new HashSet<int>();
        for (var id = 0; id < StreetClasses.Names.Count; id++)
        {
            var colour = StreetClasses.Palette.Slice(3 * id, 3);
            Assert.True(colours.Add((colour[0] << 16) | (colour[1] << 8) | colour[2]));
        }
    }
}

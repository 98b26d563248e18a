using IntraDA.Cli.Predict;

namespace IntraDA.Cli.Tests.Predict;

public sealed class EntropyColoursTests
{
    [Fact]
    public void Lightness_rises_with_every_value()
    {
        var luminances = Enumerable.Range(0, 256).Select(Luminance).ToList();

        Assert.All(luminances.Zip(luminances.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.True(luminances[0] < 0.03);
        Assert.True(luminances[255] > 0.8);
    }

    [Fact]
    public void Neighbouring_values_never_jump()
    {
        var table = EntropyColours.Table;
        for (var i = 3; i < table.Length; i++)
        {
            Assert.InRange(Math.Abs(table[i] - table[i - 3]), 0, 6);
        }
    }

    private static double Luminance(int value)
    {
        var colour = EntropyColours.Table.Slice(3 * value, 3);
        return (0.2126 * Linear(colour[0])) + (0.7152 * Linear(colour[1])) + (0.0722 * Linear(colour[2]));
    }

    private static double Linear(byte encoded)
    {
        var value = encoded / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}

using IntraDA.Cli.Studies;

namespace IntraDA.Cli.Tests.Studies;

public sealed class StatisticsTests
{
    [Fact]
    public void The_deviation_divides_by_one_less_than_the_number_of_values()
    {
        var sample = SampleStatistics.Of([46.9, 43.5, 41.9]);

        Assert.Equal(44.1, sample.Mean!.Value, 10);
        // Deviations 2.8, -0.6, -2.2: squares 7.84 + 0.36 + 4.84 = 13.04, half of it 6.52.
        Assert.Equal(Math.Sqrt(6.52), sample.StandardDeviation!.Value, 10);
    }

    [Fact]
    public void One_value_has_no_spread_and_no_value_has_no_mean()
    {
        Assert.Equal(new SampleStatistics(1, 5, null), SampleStatistics.Of([5]));
        Assert.Equal(new SampleStatistics(0, null, null), SampleStatistics.Of([]));
    }

    [Fact]
    public void Differences_are_paired_by_seed_and_a_seed_that_one_side_lacks_is_left_out()
    {
        var one = new SeedValues([new(3, 47.0), new(1, 49.9), new(2, 47.9)]);
        var other = new SeedValues([new(1, 50.0), new(2, 46.5), new(4, 1)]);
        var difference = one.Minus(other);

        Assert.Equal([1UL, 2UL], difference.BySeed.Keys);
        Assert.Equal(-0.1, difference.BySeed[1], 10);
        Assert.Equal(1.4, difference.BySeed[2], 10);
        Assert.Equal(0.65, difference.Statistics.Mean!.Value, 10);
        Assert.Equal(1.5 / Math.Sqrt(2), difference.Statistics.StandardDeviation!.Value, 10);
        Assert.Equal(1, difference.Positive);
    }
}

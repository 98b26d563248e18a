using IntraDA.Cli.Output;

namespace IntraDA.Cli.Tests.Output;

public sealed class ProgressTests
{
    [Theory]
    [InlineData(0.4, "0.4 s")]
    [InlineData(37.2, "37 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(7800, "2 h 10 min")]
    public void Durations_are_written_with_the_units_that_matter(double seconds, string text) =>
        Assert.Equal(text, DurationText.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_slow_rate_is_seconds_a_unit_and_what_is_not_known_is_left_out()
    {
        Assert.Equal("training  3/10 iterations  4.0 s/iteration  28 s left", new ProgressFacts("training", 3, 10, "iteration", 0.25, 28).Line);
        Assert.Equal("reading  3 images", new ProgressFacts("reading", 3, 0, "image", 0, -1).Line);
    }

    [Fact]
    public async Task Plain_lines_come_at_most_once_in_a_while_and_the_last_always()
    {
        using var writer = new StringWriter();
        await using (var board = new PlainProgressBoard(writer, TimeProvider.System))
        {
            for (var i = 1; i <= 1000; i++)
            {
                board.Report("inter", new ProgressFacts("training", i, 1000, "iteration", 0, -1));
            }
        }

        Assert.Equal(
            ["inter: training  1/1000 iterations", "inter: training  1000/1000 iterations"],
            writer.ToString().TrimEnd().Split(Environment.NewLine));
    }
}

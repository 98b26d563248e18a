using IntraDA.Trainer.Optimization;

namespace IntraDA.Trainer.Tests.Optimization;

public sealed class PolyScheduleTests
{
    [Theory]
    [InlineData(0, 2.5e-4)]
    [InlineData(120_000, 1.387851560e-4)]
    [InlineData(250_000, 0)]
    public void The_published_schedule_never_reaches_zero_at_120000(int iteration, double expected) =>
        Assert.Equal(expected, new PolySchedule(250_000, 0.9).Rate(2.5e-4, iteration), 10);

    [Fact]
    public void Power_zero_keeps_the_rate() => Assert.Equal(0.1, new PolySchedule(10, 0).Rate(0.1, 9));
}

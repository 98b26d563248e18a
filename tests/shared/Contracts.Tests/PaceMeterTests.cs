using Microsoft.Extensions.Time.Testing;

namespace IntraDA.Contracts.Tests;

public sealed class PaceMeterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_rate_and_the_time_left_follow_a_change_of_pace()
    {
        var meter = new PaceMeter("scoring", "image", 1000, _time);
        // 100 a second for a minute, then 10 a second: the mean over all would still say 80 after 20 s.
        var done = 0L;
        for (var second = 0; second < 5; second++)
        {
            done += 100;
            Advance(meter, 1, done);
        }

        Assert.Equal(100, meter.At(done).Rate, 1);
        for (var second = 0; second < 20; second++)
        {
            done += 10;
            Advance(meter, 1, done);
        }

        var progress = meter.At(done);
        Assert.Equal(("scoring", "image", 700L, 1000L), (progress.Activity, progress.Unit, progress.Done, progress.Total));
        Assert.Equal(10, progress.Rate, 0.5);
        Assert.Equal(30, progress.SecondsLeft, 1.5);
    }

    [Fact]
    public void A_unit_that_takes_longer_than_the_window_still_has_a_rate()
    {
        var meter = new PaceMeter("evaluating", "image", 10, _time);
        Assert.Equal(1 / 30.0, Advance(meter, 30, 1).Rate, 4);
        Assert.Equal(1 / 60.0, Advance(meter, 60, 2).Rate, 4);
        Assert.Equal(8 * 60, Advance(meter, 0, 2).SecondsLeft, 0.1);
    }

    [Fact]
    public void What_is_not_known_is_said_so()
    {
        var meter = new PaceMeter("reading", "image", 0, _time);
        Assert.Equal((0, -1), (meter.At(0).Rate, meter.At(0).SecondsLeft));
        Assert.Equal((5, -1), (Advance(meter, 1, 5).Rate, meter.At(5).SecondsLeft));
        // Work that is done over again: no rate rather than one below zero.
        Assert.Equal(0, Advance(new PaceMeter("reading", "image", 4, _time), 1, -3).Rate);
    }

    [Fact]
    public void Thousands_of_units_a_second_leave_few_marks_and_the_right_rate()
    {
        var meter = new PaceMeter("drawing", "image", 0, _time);
        for (var i = 1; i <= 50_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(meter.At(i).Rate > 0);
        }

        Assert.Equal(1000, meter.At(50_000).Rate, 1.0);
    }

    [Fact]
    public void Work_whose_size_shows_only_later_is_measured_from_its_beginning()
    {
        var meter = new PaceMeter("reading", "image", 0, _time);
        _time.Advance(TimeSpan.FromSeconds(2));
        var first = meter.At(20, 100);
        Assert.Equal((100, 10, 8), (first.Total, first.Rate, first.SecondsLeft));
    }

    private Artifacts.V1.Progress Advance(PaceMeter meter, double seconds, long done)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return meter.At(done);
    }
}

using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Contracts;

/// <summary>
/// Makes progress messages of counts. The rate is that of the last seconds, or of the last unit where that took longer, so that the
/// time left follows a change of pace. Safe for concurrent use.
/// </summary>
/// <param name="activity">What is being done.</param>
/// <param name="unit">Singular name of a unit.</param>
/// <param name="total">Units in all; 0: not known.</param>
/// <param name="timeProvider">Clock of the rate.</param>
public sealed class PaceMeter(string activity, string unit, long total, TimeProvider timeProvider)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    // Marks closer together than this would only be many: work may count thousands of units a second.
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(0.25);

    private readonly Lock _lock = new();
    private readonly Queue<(long Time, long Done)> _marks = new([(timeProvider.GetTimestamp(), 0)]);
    private long _lastMark = timeProvider.GetTimestamp();

    /// <summary>How far the work is now.</summary>
    /// <param name="done">Units finished since the meter was made.</param>
    /// <returns>A new message.</returns>
    public Progress At(long done) => At(done, total);

    /// <summary>How far the work is now, where its size is known only since it began.</summary>
    /// <param name="done">Units finished since the meter was made.</param>
    /// <param name="of">Units in all; 0: not known.</param>
    /// <returns>A new message.</returns>
    public Progress At(long done, long of)
    {
        var rate = RateAt(done);
        return new Progress
        {
            Activity = activity,
            Done = done,
            Total = of,
            Unit = unit,
            Rate = rate,
            SecondsLeft = rate > 0 && of > 0 ? Math.Max(of - done, 0) / rate : -1,
        };
    }

    private double RateAt(long done)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            // The oldest mark goes once the one after it reaches back far enough by itself.
            while (_marks.Count > 1 && timeProvider.GetElapsedTime(_marks.ElementAt(1).Time, now) >= Window)
            {
                _marks.Dequeue();
            }

            var (time, first) = _marks.Peek();
            if (timeProvider.GetElapsedTime(_lastMark, now) >= Spacing)
            {
                _marks.Enqueue((now, done));
                _lastMark = now;
            }

            var seconds = timeProvider.GetElapsedTime(time, now).TotalSeconds;
            // Work that is done over again counts backwards for a moment.
            return seconds > 0 ? Math.Max(done - first, 0) / seconds : 0;
        }
    }
}

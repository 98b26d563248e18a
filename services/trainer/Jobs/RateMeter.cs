namespace IntraDA.Trainer.Jobs;

/// <summary>Iterations per second over the last few seconds.</summary>
/// <param name="timeProvider">Clock.</param>
internal sealed class RateMeter(TimeProvider timeProvider)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Time, long Count)> _marks = new();

    /// <summary>0 until two marks are known.</summary>
    public double PerSecond { get; private set; }

    public void Count(long count)
    {
        var now = timeProvider.GetTimestamp();
        _marks.Enqueue((now, count));
        while (_marks.Count > 2 && timeProvider.GetElapsedTime(_marks.Peek().Time, now) > Window)
        {
            _marks.Dequeue();
        }

        var (time, first) = _marks.Peek();
        var seconds = timeProvider.GetElapsedTime(time, now).TotalSeconds;
        PerSecond = seconds > 0 ? (count - first) / seconds : 0;
    }
}

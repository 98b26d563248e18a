namespace IntraDA.Cli.Output;

/// <summary>Lets a message through at most once an interval and task; the first always, and so does the last.</summary>
/// <param name="clock">The clock.</param>
/// <param name="interval">The least time between two messages of a task.</param>
internal sealed class Throttle(TimeProvider clock, TimeSpan interval)
{
    private readonly Dictionary<string, long> _last = [];

    /// <summary>Whether a message may be shown now.</summary>
    /// <param name="task">The piece of work.</param>
    /// <param name="facts">What the message would say.</param>
    /// <returns>True to show it.</returns>
    public bool Admits(string task, ProgressFacts facts)
    {
        lock (_last)
        {
            var now = clock.GetTimestamp();
            var isLast = facts.Total > 0 && facts.Done >= facts.Total;
            if (!isLast && _last.TryGetValue(task, out var last) && clock.GetElapsedTime(last, now) < interval)
            {
                return false;
            }

            _last[task] = now;
            return true;
        }
    }
}

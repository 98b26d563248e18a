using System.Diagnostics;

namespace IntraDA.Durability.Tests.Processes;

/// <summary>When a process stops computing.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Time that this process still computed, until it computed no more.</summary>
    /// <param name="begin">When it was told to stop, as processor time.</param>
    public static async Task<TimeSpan> AfterAsync(TimeSpan begin)
    {
        using var process = Process.GetCurrentProcess();
        var (start, last) = (TimeProvider.System.GetTimestamp(), begin);
        while (TimeProvider.System.GetElapsedTime(start) < Limit)
        {
            await Task.Delay(Window);
            process.Refresh();
            var now = process.TotalProcessorTime;
            if (now - last < Idle)
            {
                return last - begin;
            }

            last = now;
        }

        throw new TimeoutException($"The process still computes after {Limit.TotalSeconds:0} s.");
    }

    /// <summary>Processor time of this process so far.</summary>
    public static TimeSpan Now()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}

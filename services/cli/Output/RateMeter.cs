using IntraDA.Contracts;

namespace IntraDA.Cli.Output;

/// <summary>Counts units of work done by this process and turns the count into progress.</summary>
/// <param name="board">Shows it.</param>
/// <param name="clock">The clock.</param>
/// <param name="task">Name of the work.</param>
/// <param name="activity">What is being done.</param>
/// <param name="unit">Singular name of a unit.</param>
/// <param name="total">Units in all; 0: not known.</param>
internal sealed class RateMeter(IProgressBoard board, TimeProvider clock, string task, string activity, string unit, long total)
{
    private readonly PaceMeter _pace = new(activity, unit, total, clock);
    private readonly long _start = clock.GetTimestamp();
    private long _done;

    /// <summary>Seconds since the work began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Says that units are done.</summary>
    /// <param name="units">How many more.</param>
    public void Add(long units) => board.Report(task, ProgressFacts.From(_pace.At(Interlocked.Add(ref _done, units))));

    /// <summary>Says that all is done.</summary>
    public void Finish() => board.Finish(task, $"{Interlocked.Read(ref _done)} {unit}s in {DurationText.Of(Elapsed)}");
}

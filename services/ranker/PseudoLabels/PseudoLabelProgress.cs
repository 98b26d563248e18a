using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>How far pseudo-labelling is. Safe for concurrent use.</summary>
/// <param name="total">Maps to look at.</param>
/// <param name="timeProvider">Clock of the rate.</param>
internal sealed class PseudoLabelProgress(int total, TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();
    private int _done;

    public void Advance() => Interlocked.Increment(ref _done);

    public Progress ToMessage()
    {
        var done = Volatile.Read(ref _done);
        var seconds = timeProvider.GetElapsedTime(_start).TotalSeconds;
        var rate = seconds > 0 ? done / seconds : 0;
        return new Progress
        {
            Activity = "pseudo-labelling",
            Done = done,
            Total = total,
            Unit = "image",
            Rate = rate,
            SecondsLeft = rate > 0 ? (total - done) / rate : -1,
        };
    }
}

using IntraDA.Contracts;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>How far pseudo-labelling is. Safe for concurrent use.</summary>
/// <param name="total">Maps to look at.</param>
/// <param name="timeProvider">Clock of the rate.</param>
internal sealed class PseudoLabelProgress(int total, TimeProvider timeProvider)
{
    private readonly PaceMeter _pace = new("pseudo-labelling", "image", total, timeProvider);
    private int _done;

    public void Advance() => Interlocked.Increment(ref _done);

    public Progress ToMessage() => _pace.At(Volatile.Read(ref _done));
}

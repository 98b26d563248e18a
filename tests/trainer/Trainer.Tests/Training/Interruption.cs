using IntraDA.Contracts.Trainer.V1;
using IntraDA.Trainer.Training;

namespace IntraDA.Trainer.Tests.Training;

/// <summary>Cancels, or breaks, a run after an iteration.</summary>
internal sealed class Interruption(int after, bool crash) : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public int StartedAt { get; private set; } = -1;

    public void Started(int iteration, int total, LossCurves curves) => StartedAt = iteration;

    public void Stepped(TrainingMetrics metrics)
    {
        if (metrics.Iteration != after)
        {
            return;
        }

        if (crash)
        {
            throw new InvalidOperationException("The power went out.");
        }

        _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}

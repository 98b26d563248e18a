namespace IntraDA.Trainer.Adaptation;

/// <summary>One iteration of a training method: forward, backward and update.</summary>
public interface IAdaptationStep : IDisposable
{
    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">What the iteration sees.</param>
    /// <param name="rates">The iteration's learning rates.</param>
    /// <returns>The terms, for people to look at.</returns>
    IReadOnlyList<LossTerm> Step(TrainingBatch batch, LearningRates rates);

    /// <summary>State of its own that a resumable checkpoint must hold, beside network and optimiser.</summary>
    /// <returns>The state; empty for methods without one.</returns>
    StepState CaptureState();

    /// <summary>Puts captured state back.</summary>
    /// <param name="state">What <see cref="CaptureState"/> gave.</param>
    void RestoreState(StepState state);
}

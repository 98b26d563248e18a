using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Trainer.Training;

/// <summary>Hears how a run goes. Called on the training thread: it must return at once.</summary>
public interface ITrainingObserver
{
    /// <summary>The run begins, at 0 or where an earlier one stopped.</summary>
    /// <param name="iteration">Iterations already finished.</param>
    /// <param name="total">Iterations in all.</param>
    /// <param name="curves">Loss curves, growing from now on.</param>
    void Started(int iteration, int total, LossCurves curves);

    /// <summary>An iteration has finished.</summary>
    /// <param name="metrics">Its loss terms.</param>
    void Stepped(TrainingMetrics metrics);
}

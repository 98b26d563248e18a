using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Telemetry;
using IntraDA.Trainer.Training;

namespace IntraDA.Trainer.Jobs;

/// <summary>Passes on how a training goes, and shows it to those who watch over the service.</summary>
/// <param name="inner">Who is told.</param>
/// <param name="telemetry">Counts iterations and shows losses.</param>
internal sealed class CountedTraining(ITrainingObserver inner, ServiceTelemetry telemetry) : ITrainingObserver
{
    /// <inheritdoc />
    public void Started(int iteration, int total, LossCurves curves) => inner.Started(iteration, total, curves);

    /// <inheritdoc />
    public void Stepped(TrainingMetrics metrics)
    {
        telemetry.CountIteration(metrics.Terms);
        inner.Stepped(metrics);
    }
}

using IntraDA.Contracts.Trainer.V1;
using Job = IntraDA.Contracts.Trainer.V1.Training;

namespace IntraDA.Trainer.Tests.Service;

/// <summary>What a watcher has seen of a job.</summary>
internal sealed class Watched
{
    public List<long> Iterations { get; } = [];

    public IReadOnlyCollection<string> LastTerms { get; private set; } = [];

    /// <summary>The finished job, once it has been seen.</summary>
    public Job? Job { get; private set; }

    public Job Finished => Job ?? throw new InvalidOperationException("The watch ended without the finished job.");

    public void Take(WatchTrainingResponse response)
    {
        if (response.Metrics is { } metrics)
        {
            Iterations.Add(metrics.Iteration);
            LastTerms = [.. metrics.Terms.Keys];
        }

        Job = response.Finished ?? Job;
    }
}

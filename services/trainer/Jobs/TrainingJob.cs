using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Trainer.Training;
using RpcStatus = Google.Rpc.Status;

namespace IntraDA.Trainer.Jobs;

/// <summary>A job in memory: its state, its curves, and a signal for those who watch. Thread-safe.</summary>
public sealed class TrainingJob : ITrainingObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Contracts.Trainer.V1.Training _training;
    private readonly RateMeter _rate;
    private readonly CancellationTokenSource _cancellation;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LossCurves _curves = new();
    private int _total;
    private int _startedFrom;

    /// <summary>Creates a queued job.</summary>
    /// <param name="training">The job as it stands.</param>
    /// <param name="timeProvider">Clock.</param>
    /// <param name="stopping">Ends when the service stops.</param>
    public TrainingJob(Contracts.Trainer.V1.Training training, TimeProvider timeProvider, CancellationToken stopping)
    {
        _training = training;
        _rate = new RateMeter(timeProvider);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // Kept, because a runner may still ask for it after a later start of the request has disposed this job.
        Cancellation = _cancellation.Token;
    }

    /// <summary>The job's id.</summary>
    public string Id => _training.Id;

    /// <summary>Ends when the job is cancelled or the service stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Whether the job waits or runs.</summary>
    public bool IsUnfinished
    {
        get
        {
            lock (_lock)
            {
                return _training.State is TrainingState.Queued or TrainingState.Running;
            }
        }
    }

    /// <summary>Iteration from which this run of the job went on; 0 for a run from the beginning, and before it runs.</summary>
    public int StartedFrom
    {
        get
        {
            lock (_lock)
            {
                return _startedFrom;
            }
        }
    }

    /// <summary>A copy of the job as it stands.</summary>
    /// <returns>The job.</returns>
    public Contracts.Trainer.V1.Training Snapshot()
    {
        lock (_lock)
        {
            return _training.Clone();
        }
    }

    /// <summary>Loss terms after an iteration.</summary>
    /// <param name="iteration">1-based; 0 for all.</param>
    /// <returns>In order.</returns>
    public IReadOnlyList<TrainingMetrics> MetricsAfter(long iteration) => Curves().After(iteration);

    /// <summary>How far the job is.</summary>
    /// <returns>Progress in iterations.</returns>
    public Progress Progress()
    {
        lock (_lock)
        {
            var rate = _rate.PerSecond;
            return new Progress
            {
                Activity = "training",
                Done = _training.Iteration,
                Total = _total,
                Unit = "iteration",
                Rate = rate,
                SecondsLeft = rate > 0 ? (_total - _training.Iteration) / rate : -1,
            };
        }
    }

    /// <summary>Ends with the next change of the job.</summary>
    /// <returns>A task; take it before looking at the job, so that no change is missed.</returns>
    public Task NextChange()
    {
        lock (_lock)
        {
            return _changed.Task;
        }
    }

    /// <summary>Asks the job to stop at the next iteration; one that waits for its turn is cancelled at once.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            if (_training.State == TrainingState.Queued)
            {
                _training.State = TrainingState.Cancelled;
            }
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The job ended, and left the memory, at the same moment.
        }

        Signal();
    }

    /// <inheritdoc />
    public void Started(int iteration, int total, LossCurves curves)
    {
        lock (_lock)
        {
            if (_training.State == TrainingState.Queued)
            {
                _training.State = TrainingState.Running;
            }

            (_training.Iteration, _startedFrom, _total, _curves) = (iteration, iteration, total, curves);
        }

        Signal();
    }

    /// <inheritdoc />
    public void Stepped(TrainingMetrics metrics)
    {
        lock (_lock)
        {
            _training.Iteration = metrics.Iteration;
            _rate.Count(metrics.Iteration);
        }

        Signal();
    }

    /// <summary>Ends the job.</summary>
    /// <param name="state">SUCCEEDED, FAILED or CANCELLED.</param>
    /// <param name="result">With SUCCEEDED.</param>
    /// <param name="error">With FAILED.</param>
    /// <returns>The job in its final state.</returns>
    public Contracts.Trainer.V1.Training Finish(TrainingState state, TrainingResult? result, RpcStatus? error)
    {
        lock (_lock)
        {
            (_training.State, _training.Result, _training.Error) = (state, result, error);
        }

        Signal();
        return Snapshot();
    }

    /// <inheritdoc />
    public void Dispose() => _cancellation.Dispose();

    private LossCurves Curves()
    {
        lock (_lock)
        {
            return _curves;
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}

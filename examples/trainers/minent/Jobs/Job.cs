using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Learning;
using RpcStatus = Google.Rpc.Status;

namespace MinEntTrainer.Jobs;

/// <summary>A job in memory, and a signal for those who watch it. Thread-safe.</summary>
internal sealed class Job : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Training _training;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Curves _curves = new();
    private int _startedFrom;
    private int _total;
    private long _start;

    /// <summary>A job that waits for its turn.</summary>
    /// <param name="training">As it stands.</param>
    /// <param name="time">Clock.</param>
    /// <param name="stopping">Ends with the service.</param>
    public Job(Training training, TimeProvider time, CancellationToken stopping)
    {
        (_training, _time) = (training, time);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Cancellation = _cancellation.Token;
    }

    /// <summary>Its id.</summary>
    public string Id => _training.Id;

    /// <summary>What is to be done.</summary>
    public TrainingSpec Spec => _training.Spec;

    /// <summary>Ends when the job is cancelled, or with the service.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Whether it waits or runs.</summary>
    public bool IsUnfinished => Snapshot().State is TrainingState.Queued or TrainingState.Running;

    /// <summary>Iteration from which this run went on.</summary>
    public int StartedFrom => Locked(() => _startedFrom);

    /// <summary>Its loss terms.</summary>
    public Curves Curves => Locked(() => _curves);

    /// <summary>A copy of it as it stands.</summary>
    /// <returns>The job.</returns>
    public Training Snapshot() => Locked(_training.Clone);

    /// <summary>How far it is.</summary>
    /// <returns>In iterations.</returns>
    public Progress Progress() => Locked(() =>
    {
        var seconds = _start == 0 ? 0 : _time.GetElapsedTime(_start).TotalSeconds;
        var rate = seconds > 0 ? (_training.Iteration - _startedFrom) / seconds : 0;
        return new Progress
        {
            Activity = "training",
            Done = _training.Iteration,
            Total = _total,
            Unit = "iteration",
            Rate = rate,
            SecondsLeft = rate > 0 ? (_total - _training.Iteration) / rate : -1,
        };
    });

    /// <summary>Ends with its next change.</summary>
    /// <returns>A task.</returns>
    public Task NextChange() => Locked(() => _changed.Task);

    /// <summary>The run begins.</summary>
    /// <param name="iteration">Iterations that are behind it.</param>
    /// <param name="total">Iterations in all.</param>
    /// <param name="curves">Loss terms, which grow from now on.</param>
    public void Begin(int iteration, int total, Curves curves) => Change(() =>
    {
        (_training.State, _training.Iteration) = (TrainingState.Running, iteration);
        (_startedFrom, _total, _curves, _start) = (iteration, total, curves, _time.GetTimestamp());
    });

    /// <summary>An iteration is done.</summary>
    /// <param name="iteration">1-based.</param>
    public void Step(int iteration) => Change(() => _training.Iteration = iteration);

    /// <summary>The job ends.</summary>
    /// <param name="state">How.</param>
    /// <param name="result">With SUCCEEDED.</param>
    /// <param name="error">With FAILED.</param>
    public void End(TrainingState state, TrainingResult? result = null, RpcStatus? error = null) =>
        Change(() => (_training.State, _training.Result, _training.Error) = (state, result, error));

    /// <summary>Asks it to stop at the next iteration; one that waits stops at once.</summary>
    public void Cancel()
    {
        Change(() => _training.State = _training.State == TrainingState.Queued ? TrainingState.Cancelled : _training.State);
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A later start of its request has just taken its place.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _cancellation.Dispose();

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}

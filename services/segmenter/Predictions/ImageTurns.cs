using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Telemetry;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>Lets a few images compute at a time and a bounded number wait; the rest is refused at once, so memory stays bounded.</summary>
/// <remarks>
/// Whoever computes goes on with what waits, on the same thread: a change of threads between two images would leave the cores idle, and torch would fork
/// to another team of workers.
/// </remarks>
public sealed class ImageTurns
{
    // About what a few images take: whoever waits so long finds room, unless there is far too much to do.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<ITurn> _queue = [];
    private readonly SegmenterOptions _options;
    private readonly ServiceTelemetry _telemetry;
    private int _waiting;
    private int _computing;

    /// <summary>Creates the turns.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="telemetry">Counts images, and shows how many wait.</param>
    public ImageTurns(IOptions<SegmenterOptions> options, ServiceTelemetry telemetry)
    {
        _options = options.Value;
        _telemetry = telemetry;
        telemetry.ObserveQueue("images", () => Volatile.Read(ref _waiting));
    }

    /// <summary>Computes when it is the caller's turn.</summary>
    /// <typeparam name="T">Result.</typeparam>
    /// <param name="compute">The computation.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    /// <returns>The computation's result.</returns>
    /// <exception cref="ServiceException">RESOURCE_EXHAUSTED: too many wait.</exception>
    public Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken) => RunAsync(compute, mayRefuse: true, cancellationToken);

    /// <summary>As <see cref="RunAsync{T}(Func{T}, CancellationToken)"/>, for work of many images one after the other.</summary>
    /// <typeparam name="T">Result.</typeparam>
    /// <param name="compute">The computation.</param>
    /// <param name="mayRefuse">False where the work has begun: one more that waits costs less than to begin again.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    /// <returns>The computation's result.</returns>
    /// <exception cref="ServiceException">RESOURCE_EXHAUSTED: too many wait.</exception>
    public async Task<T> RunAsync<T>(Func<T> compute, bool mayRefuse, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _options.QueueLength + _options.ParallelImages && mayRefuse)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ServiceException(
                StatusCode.ResourceExhausted,
                ErrorReasons.QueueFull,
                $"{_options.QueueLength} images wait already; send fewer at a time, or raise Segmenter:QueueLength.")
            {
                RetryAfter = RetryDelay,
            };
        }

        try
        {
            var turn = new Turn<T>(compute, _telemetry);
            var place = Enqueue(turn);
            using var giveUp = cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null);
            return await turn.Task.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private LinkedListNode<ITurn> Enqueue(ITurn turn)
    {
        lock (_lock)
        {
            var place = _queue.AddLast(turn);
            if (_computing < _options.ParallelImages)
            {
                _computing++;
                ThreadPool.UnsafeQueueUserWorkItem(static turns => turns.Compute(), this, preferLocal: false);
            }

            return place;
        }
    }

    private void Compute()
    {
        while (Next() is { } turn)
        {
            turn.Run();
        }
    }

    private ITurn? Next()
    {
        lock (_lock)
        {
            if (_queue.First is not { } first)
            {
                _computing--;
                return null;
            }

            _queue.RemoveFirst();
            return first.Value;
        }
    }

    private void GiveUp(LinkedListNode<ITurn> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return;
            }

            _queue.Remove(place);
        }

        place.Value.Cancel(cancellationToken);
    }

    private interface ITurn
    {
        void Run();

        void Cancel(CancellationToken cancellationToken);
    }

    private sealed class Turn<T>(Func<T> compute, ServiceTelemetry telemetry) : ITurn
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _answer.Task;

        public void Run()
        {
            try
            {
                var result = compute();
                telemetry.CountImage();
                _answer.SetResult(result);
            }
            catch (Exception e)
            {
                _answer.TrySetException(e);
            }
        }

        public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);
    }
}

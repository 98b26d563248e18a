using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Telemetry;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>Lets a few images compute at a time and a bounded number wait; the rest is refused at once, so memory stays bounded.</summary>
public sealed class ImageTurns : IDisposable
{
    // About what a few images take: whoever waits so long finds room, unless there is far too much to do.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns;
    private readonly SegmenterOptions _options;
    private readonly ServiceTelemetry _telemetry;
    private int _waiting;

    /// <summary>Creates the turns.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="telemetry">Counts images, and shows how many wait.</param>
    public ImageTurns(IOptions<SegmenterOptions> options, ServiceTelemetry telemetry)
    {
        _options = options.Value;
        _telemetry = telemetry;
        _turns = new SemaphoreSlim(_options.ParallelImages);
        telemetry.ObserveQueue("images", () => Volatile.Read(ref _waiting));
    }

    /// <summary>Computes when it is the caller's turn: on the caller's thread where that is at once.</summary>
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
            await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // On the thread that has the turn: each change of threads would leave the cores idle between two images.
                cancellationToken.ThrowIfCancellationRequested();
                var result = compute();
                _telemetry.CountImage();
                return result;
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turns.Dispose();
}

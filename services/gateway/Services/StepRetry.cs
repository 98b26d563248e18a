using IntraDA.Gateway.Options;
using IntraDA.Hosting.Telemetry;
using Polly;
using Polly.Retry;

namespace IntraDA.Gateway.Services;

/// <summary>
/// Opens a whole logical step again while its failures pass, by their class: what is out of reach is tried again for
/// <see cref="WorkflowOptions.ReconnectSeconds"/> without progress, a full queue when it says so and for
/// <see cref="WorkflowOptions.QueueSeconds"/>, and what cannot succeed (bad input, damage, out of memory) never.
/// </summary>
internal sealed class StepRetry(GatewayOptions options, TimeProvider time, ServiceTelemetry telemetry, ILogger<StepRetry> logger)
{
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Workflows.ReconnectSeconds);
    private readonly TimeSpan _queuePatience = TimeSpan.FromSeconds(options.Workflows.QueueSeconds);

    /// <summary>Runs a step until it succeeds, fails for good, or has made no progress for as long as the options allow.</summary>
    /// <param name="name">What is done, for the log.</param>
    /// <param name="step">
    /// The step; it is given a way to say that it got further than any try before it, which is what makes the tries bounded:
    /// one that always breaks at the same place makes no progress.
    /// </param>
    /// <param name="cancellationToken">Stops the step and the waiting.</param>
    public async Task<T> RunAsync<T>(
        string name, Func<Action, CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        var trouble = new Trouble(time);
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Exception is { } e
                    && !cancellationToken.IsCancellationRequested
                    && Failures.IsTransient(e)
                    && trouble.Lasts() < (Failures.IsBusy(e) ? _queuePatience : _patience)),
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(250),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = args => ValueTask.FromResult(
                    args.Outcome.Exception is { } e && Failures.RetryDelayOf(e) is { } asked ? asked : (TimeSpan?)null),
                OnRetry = args =>
                {
                    // The first word: the rest is an id, and there are too many of those.
                    telemetry.CountRetry(name.Split(' ', 2)[0]);
                    logger.LogWarning(
                        "{Step}: {Reason}; trying again in {Delay:0.0} s",
                        name,
                        args.Outcome.Exception?.Message,
                        args.RetryDelay.TotalSeconds);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        try
        {
            return await pipeline
                .ExecuteAsync(
                    async token => await step(trouble.Ends, token).ConfigureAwait(false),
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Grpc.Core.RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Runs a step without a result or progress of its own.</summary>
    /// <param name="name">What is done, for the log.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Stops the step and the waiting.</param>
    public Task RunAsync(string name, Func<CancellationToken, Task> step, CancellationToken cancellationToken) => RunAsync(
        name,
        async (_, token) =>
        {
            await step(token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    // The time that counts begins with a failure: a step that had nothing to say for hours, in a queue say, was not failing.
    private sealed class Trouble(TimeProvider time)
    {
        private readonly Lock _lock = new();
        private long? _since;

        public TimeSpan Lasts()
        {
            lock (_lock)
            {
                return time.GetElapsedTime(_since ??= time.GetTimestamp());
            }
        }

        public void Ends()
        {
            lock (_lock)
            {
                _since = null;
            }
        }
    }
}

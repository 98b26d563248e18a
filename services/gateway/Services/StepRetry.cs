using IntraDA.Gateway.Options;
using Polly;
using Polly.Retry;

namespace IntraDA.Gateway.Services;

/// <summary>Opens a whole logical step again while its failures pass. Nothing below it retries, so tries do not multiply.</summary>
internal sealed class StepRetry(GatewayOptions options, TimeProvider time, ILogger<StepRetry> logger)
{
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Workflows.ReconnectSeconds);

    /// <summary>Runs a step until it succeeds, fails for good, or has made no progress for as long as the options allow.</summary>
    /// <param name="name">What is done, for the log.</param>
    /// <param name="step">The step; it is given a way to say that it got further.</param>
    /// <param name="cancellationToken">Stops the step and the waiting.</param>
    public async Task<T> RunAsync<T>(
        string name, Func<Action, CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        var lastProgress = time.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Exception is { } e
                    && !cancellationToken.IsCancellationRequested
                    && Failures.IsTransient(e)
                    && time.GetElapsedTime(Interlocked.Read(ref lastProgress)) < _patience),
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(250),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = args =>
                {
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
                    async token => await step(() => Interlocked.Exchange(ref lastProgress, time.GetTimestamp()), token)
                        .ConfigureAwait(false),
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Grpc.Core.RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}

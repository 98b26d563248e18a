using System.Diagnostics.Metrics;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Gateway.Options;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntraDA.Gateway.Tests.Services;

public sealed class StepRetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_step_that_always_breaks_at_the_same_place_is_given_up()
    {
        var furthest = new ProgressGate();
        var tries = 0;
        await Assert.ThrowsAsync<StepInterruptedException>(() => Retry(reconnect: 0.5).RunAsync<int>(
            "breaking",
            (onProgress, _) =>
            {
                tries++;
                furthest.Pass(new Progress { Done = 5 }, onProgress);
                throw new StepInterruptedException("broken");
            },
            Token));
        Assert.InRange(tries, 2, 20);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_step_that_gets_further_each_time_is_never_given_up()
    {
        var furthest = new ProgressGate();
        var tries = 0;
        var result = await Retry(reconnect: 0.3).RunAsync(
            "advancing",
            (onProgress, _) =>
            {
                furthest.Pass(new Progress { Done = ++tries }, onProgress);
                return tries < 6 ? throw new StepInterruptedException("broken") : Task.FromResult(tries);
            },
            Token);
        Assert.Equal(6, result);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_full_queue_is_waited_for_as_it_asks_and_beyond_the_patience_with_what_is_out_of_reach()
    {
        var tries = 0;
        var begin = TimeProvider.System.GetTimestamp();
        await Retry(reconnect: 0.1).RunAsync(
            "queueing",
            _ => ++tries <= 8 ? throw Error(StatusCode.ResourceExhausted, "QUEUE_FULL", TimeSpan.FromMilliseconds(60)) : Task.CompletedTask,
            Token);
        Assert.Equal(9, tries);
        // Its own schedule would have come to more than a second at the third try.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 8 * 0.06, 30);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT")]
    [InlineData(StatusCode.DataLoss, "ARTIFACT_DAMAGED")]
    [InlineData(StatusCode.NotFound, "NOT_FOUND")]
    [InlineData(StatusCode.ResourceExhausted, "OUT_OF_MEMORY")]
    [InlineData(StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE")]
    [InlineData(StatusCode.Internal, "INTERNAL")]
    public async Task What_cannot_succeed_is_tried_once(StatusCode code, string reason)
    {
        var tries = 0;
        await Assert.ThrowsAsync<RpcException>(() => Retry(reconnect: 60).RunAsync(
            "hopeless",
            _ =>
            {
                tries++;
                throw Error(code, reason, retryAfter: null);
            },
            Token));
        Assert.Equal(1, tries);

        await Assert.ThrowsAsync<ServiceException>(() => Retry(reconnect: 60).RunAsync(
            "hopeless in the trainer's words",
            _ =>
            {
                tries++;
                throw new ServiceException(code, reason, "told");
            },
            Token));
        Assert.Equal(2, tries);

        await Assert.ThrowsAsync<ArtifactDamagedException>(() => Retry(reconnect: 60).RunAsync(
            "damaged",
            _ =>
            {
                tries++;
                throw new ArtifactDamagedException("a", "it is.");
            },
            Token));
        Assert.Equal(3, tries);
    }

    private static StepRetry Retry(double reconnect) => new(
        new GatewayOptions { Workflows = new WorkflowOptions { ReconnectSeconds = reconnect } },
        TimeProvider.System,
        new ServiceTelemetry(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
        NullLogger<StepRetry>.Instance);

    private static RpcException Error(StatusCode code, string reason, TimeSpan? retryAfter) =>
        RpcErrors.Create(code, reason, "told", [], retryAfter).ToRpcException();
}

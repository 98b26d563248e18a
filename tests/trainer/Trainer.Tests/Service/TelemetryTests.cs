using System.Collections.Concurrent;
using System.Diagnostics;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Telemetry;

namespace IntraDA.Trainer.Tests.Service;

/// <summary>A training outlives the call that asked for it, and is still found from there: by its log and in the trace.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public async Task Lines_and_spans_of_a_training_carry_the_workflow_and_the_trace_of_the_call_that_asked_for_it()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ServiceTelemetry.Name or "Microsoft.AspNetCore" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await TrainerServer.StartAsync(_world);
        var log = server.Capture();
        string id;
        ActivityTraceId trace;
        using (var call = Call("wf-1", "inter"))
        {
            trace = call.TraceId;
            id = await StartAsync(server, "traced", iterations: 3);
        }

        Assert.Equal(TrainingState.Succeeded, await FinishAsync(server, id));

        // The last line is written, and the span ends, a moment after the watcher hears of the result.
        var begin = TimeProvider.System.GetTimestamp();
        while (!spans.Any(span => span.OperationName == "training" && span.TraceId == trace))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(20), "There is no span of the training in the call's trace.");
            await Task.Delay(20, Token);
        }

        Assert.Equal([("wf-1", "inter")], log.Lines($"Training {id} begins"));
        Assert.Equal([("wf-1", "inter")], log.Lines($"Training {id} is done"));
        var mine = spans.Where(span => span.TraceId == trace).ToList();
        var training = mine.Single(span => span.OperationName == "training");
        Assert.Contains(mine, span => span.SpanId == training.ParentSpanId);
        Assert.Equal("wf-1", training.GetTagItem("intrada.workflow"));
        var weights = mine.Single(span => span.GetTagItem("intrada.key") is string key && key == $"trainings/{id}/weights.safetensors");
        Assert.Equal(training.SpanId, weights.ParentSpanId);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_training_that_another_trainer_goes_on_with_keeps_its_workflow()
    {
        string id;
        await using (var server = await TrainerServer.StartAsync(_world))
        {
            using var call = Call("wf-2", "intra");
            id = await StartAsync(server, "moved", iterations: 400);
            using var watch = server.Client.WatchTraining(new WatchTrainingRequest { TrainingId = id }, cancellationToken: Token);
            while (await watch.ResponseStream.MoveNext(Token).Within() && watch.ResponseStream.Current.Metrics is not { Iteration: >= 2 })
            {
            }
        }

        await using var next = await TrainerServer.StartAsync(_world);
        var log = next.Capture();
        // Asked for by hand, without a workflow.
        Assert.Equal(id, await StartAsync(next, "moved", iterations: 400));
        await next.Client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = id }, cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal(TrainingState.Cancelled, await FinishAsync(next, id));
        var begin = TimeProvider.System.GetTimestamp();
        while (log.Lines($"Training {id} ").Count == 0 && TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(20, Token);
        }

        var origin = (await next.Client.GetTrainingAsync(new GetTrainingRequest { TrainingId = id }, cancellationToken: Token)).Training.Origin;
        Assert.Equal(("wf-2", "intra"), (origin.Workflow, origin.Stage));
        Assert.All(log.Lines($"Training {id} "), line => Assert.Equal(("wf-2", "intra"), line));
    }

    // A call as the gateway makes it: within a span that carries workflow and stage.
    private static Activity Call(string workflow, string stage) =>
        new Activity("stage").SetBaggage("workflow", workflow).SetBaggage("stage", stage).Start();

    private async Task<string> StartAsync(TrainerServer server, string requestId, int iterations)
    {
        var request = new StartTrainingRequest { RequestId = requestId, Spec = _world.Spec(AdaptationMethod.SourceOnly, iterations) };
        return (await server.Client.StartTrainingAsync(request, cancellationToken: Token).ResponseAsync.Within()).Training.Id;
    }

    private static async Task<TrainingState> FinishAsync(TrainerServer server, string id)
    {
        using var call = server.Client.WatchTraining(new WatchTrainingRequest { TrainingId = id, AfterIteration = -1 }, cancellationToken: Token);
        var watched = new Watched();
        while (await call.ResponseStream.MoveNext(Token).Within())
        {
            watched.Take(call.ResponseStream.Current);
        }

        return watched.Finished.State;
    }
}

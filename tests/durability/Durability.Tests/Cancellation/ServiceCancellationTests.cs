using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Manifests;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Segmenter;
using IntraDA.Trainer;
using IntraDA.Trainer.Tests;
using static TorchSharp.torch;

namespace IntraDA.Durability.Tests.Cancellation;

/// <summary>Long work inside the services: how soon it stops, and that it leaves no tensor behind.</summary>
public sealed class ServiceCancellationTests(Tally tally) : IAsyncLifetime
{
    private const int Crowd = 20_000;

    // In processor time, so that a busy machine does not count.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);

    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Store => ["--Store:Kind", "Local", "--Store:Directory", _world.Folder.FullName];

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scoring_and_evaluation_stop_when_their_caller_goes_or_its_time_is_up(bool byDeadline)
    {
        await using var service = await HostedService.StartAsync(SegmenterApplication.Create, [.. Store, "--Segmenter:Threads", "1"]);
        var client = new SegmenterService.SegmenterServiceClient(service.Channel);
        var model = new ModelSelector { Checkpoint = await SmallNetwork.SaveAsync(_world.Store, TinyWorld.Side) };
        var crowd = await CrowdAsync();
        await client.LoadModelAsync(new LoadModelRequest { Name = "kept", Checkpoint = model.Checkpoint }, cancellationToken: Token).ResponseAsync.Within();
        var tensors = Tensor.TotalCount;

        var score = await StopAsync(byDeadline, async options =>
        {
            using var call = client.ScoreDataset(new ScoreDatasetRequest { Model = model, Dataset = crowd, OutputPrefix = "stopped/scores" }, options);
            await call.ResponseStream.ReadAllAsync(CancellationToken.None).CountAsync(CancellationToken.None);
        });
        var evaluate = await StopAsync(byDeadline, async options =>
        {
            using var call = client.Evaluate(new EvaluateRequest { Model = model, Dataset = crowd, OutputPrefix = "stopped/evaluation" }, options);
            await call.ResponseStream.ReadAllAsync(CancellationToken.None).CountAsync(CancellationToken.None);
        });

        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.Null(await _world.Store.GetSizeAsync("stopped/scores/scores.parquet", Token));
        Assert.Null(await _world.Store.GetSizeAsync("stopped/evaluation/images.parquet", Token));
        tally.Cancellations(2);
        Tally.Say(
            $"{(byDeadline ? "deadline" : "cancellation")}: scoring computed {score.TotalMilliseconds:0} ms more, evaluation {evaluate.TotalMilliseconds:0} ms, no tensor left");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_training_stops_at_its_iteration_frees_its_tensors_and_goes_on_from_there()
    {
        var tensors = Tensor.TotalCount;
        await using var service = await HostedService.StartAsync(TrainerApplication.Create, [.. Store, "--Trainer:Threads", "1"]);
        var client = new TrainerService.TrainerServiceClient(service.Channel);
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: 100_000);
        spec.Options.CheckpointEvery = 100_000;

        var (id, stopped, _) = await CancelAsync(client, spec, after: 3);
        Assert.Equal(tensors, Tensor.TotalCount);
        // The first metrics after the resumption are of the iteration after the last one before. What is computed after the first stops is not
        // held to the promise: the runtime compiles what has turned out to be hot as soon as it finds time.
        (_, stopped, _) = await CancelAsync(client, spec, after: 40, goesOnFrom: stopped);
        var (again, _, more) = await CancelAsync(client, spec, after: 3, goesOnFrom: stopped);
        Assert.True(more < Promised, $"The training computed {more.TotalSeconds:0.00} s more.");
        Assert.Equal(id, again);
        Assert.Equal(tensors, Tensor.TotalCount);
        tally.Cancellations(3);
        Tally.Say($"cancellation: training computed {more.TotalMilliseconds:0} ms more, no tensor left");
    }

    private static async Task<TimeSpan> StopAsync(bool byDeadline, Func<CallOptions, Task> work)
    {
        // The first time, the runtime compiles what has turned out to be hot as soon as it finds time, which is after the stop.
        await StopOnceAsync(byDeadline, work);
        var more = await StopOnceAsync(byDeadline, work);
        Assert.True(more < Promised, $"It computed {more.TotalSeconds:0.00} s more.");
        return more;
    }

    private static async Task<TimeSpan> StopOnceAsync(bool byDeadline, Func<CallOptions, Task> work)
    {
        var half = TimeSpan.FromMilliseconds(700);
        using var caller = new CancellationTokenSource();
        var options = byDeadline
            ? new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + half)
            : new CallOptions(cancellationToken: caller.Token);
        var running = work(options);
        await Task.WhenAny(running, Task.Delay(half, Token));
        var begin = Quiet.Now();
        await caller.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => running.Within());
        Assert.Equal(byDeadline ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, error.StatusCode);
        return await Quiet.AfterAsync(begin);
    }

    private static async Task<(string Id, long Stopped, TimeSpan More)> CancelAsync(
        TrainerService.TrainerServiceClient client, TrainingSpec spec, int after, long goesOnFrom = 0)
    {
        var training = (await client.StartTrainingAsync(new StartTrainingRequest { RequestId = "stopped", Spec = spec }, cancellationToken: Token).ResponseAsync.Within()).Training;
        using var watch = client.WatchTraining(new WatchTrainingRequest { TrainingId = training.Id, AfterIteration = goesOnFrom }, cancellationToken: Token);
        var seen = 0;
        while (seen < after && await watch.ResponseStream.MoveNext(Token).Within())
        {
            if (watch.ResponseStream.Current.Metrics is { } metrics)
            {
                Assert.Equal(goesOnFrom + ++seen, metrics.Iteration);
            }
        }

        var begin = Quiet.Now();
        await client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = training.Id }, cancellationToken: Token).ResponseAsync.Within();
        Contracts.Trainer.V1.Training? ended = null;
        while (ended is null && await watch.ResponseStream.MoveNext(Token).Within())
        {
            ended = watch.ResponseStream.Current.Finished;
        }

        Assert.Equal(TrainingState.Cancelled, ended!.State);
        return (training.Id, ended.Iteration, await Quiet.AfterAsync(begin));
    }

    private async Task<Artifact> CrowdAsync()
    {
        var few = await _world.ReadAsync(_world.Validation);
        DatasetItem[] items = [.. Enumerable.Range(0, Crowd).Select(i => few.Items[i % few.Items.Count] with { Id = $"crowd-{i:d5}" })];
        return await _world.PutAsync("crowd", few.Classes.Names.Count, labelled: true, items);
    }
}

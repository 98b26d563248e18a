using Google.Rpc;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Identifiers;
using Job = IntraDA.Contracts.Trainer.V1.Training;

namespace IntraDA.Trainer.Tests.Service;

public sealed class TrainerServiceTests : IAsyncLifetime
{
    private const int Endless = 1_000_000;

    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    [Fact]
    public async Task A_request_starts_one_job_however_often_it_is_sent()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var spec = _world.Spec(AdaptationMethod.SourceOnly, 2);
        var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync(server, "one", spec)));
        Assert.Single(starts.Select(s => s.Id).Distinct());
        var finished = (await WatchAsync(server, starts[0].Id)).Finished;
        Assert.Equal(TrainingState.Succeeded, finished.State);

        // The device is not part of what a job is.
        spec.Device = "auto";
        var again = await StartAsync(server, "one", spec);
        Assert.Equal(finished.Result, again.Result);
        Assert.Equal(finished.CreateTime, again.CreateTime);
        Assert.Single((await server.Client.ListTrainingsAsync(new ListTrainingsRequest(), cancellationToken: Token)).Trainings);
    }

    [Fact]
    public async Task A_request_id_with_another_specification_already_exists()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        await StartAsync(server, "one", _world.Spec(AdaptationMethod.SourceOnly, 1));
        var error = await Assert.ThrowsAsync<RpcException>(() => StartAsync(server, "one", _world.Spec(AdaptationMethod.SourceOnly, 2)));
        Assert.Equal((StatusCode.AlreadyExists, "REQUEST_ID_REUSED"), (error.StatusCode, RpcErrors.ReadReason(error)));
    }

    [Fact]
    public async Task Unknown_jobs_are_not_found_and_bad_requests_name_their_fields()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var client = server.Client;
        Func<Task>[] calls =
        [
            () => client.GetTrainingAsync(new GetTrainingRequest { TrainingId = "tr-none" }, cancellationToken: Token).ResponseAsync,
            () => client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = "tr-none" }, cancellationToken: Token).ResponseAsync,
            () => WatchAsync(server, "tr-none"),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        var error = await Assert.ThrowsAsync<RpcException>(
            () => client.StartTrainingAsync(new StartTrainingRequest { RequestId = "Not Allowed" }, cancellationToken: Token).ResponseAsync);
        Assert.Equal(["request_id", "spec"], RpcErrors.ReadViolations(RpcErrors.Read(error)).Select(v => v.Field));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task An_id_that_is_no_key_is_not_found(string id)
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var error = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.GetTrainingAsync(new GetTrainingRequest { TrainingId = id }, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Watching_replays_from_where_it_is_asked_to_and_ends_with_the_finished_job_also_after_a_restart()
    {
        string id;
        await using (var server = await TrainerServer.StartAsync(_world))
        {
            id = (await StartAsync(server, "watched", _world.Spec(AdaptationMethod.Minent, 5))).Id;
            var live = await WatchAsync(server, id);
            Assert.Equal([1, 2, 3, 4, 5], live.Iterations);
            Assert.Equal(["ent_aux", "ent_main", "learning_rate", "seg_aux", "seg_main"], live.LastTerms.Order(StringComparer.Ordinal));
            Assert.Equal([4, 5], (await WatchAsync(server, id, after: 3)).Iterations);
            Assert.Empty((await WatchAsync(server, id, after: -1)).Iterations);
        }

        await using var restarted = await TrainerServer.StartAsync(_world);
        var replay = await WatchAsync(restarted, id, after: 2);
        Assert.Equal([3, 4, 5], replay.Iterations);
        Assert.Equal(TrainingState.Succeeded, replay.Finished.State);
        Assert.Empty((await WatchAsync(restarted, id, after: -1)).Iterations);
    }

    [Fact]
    public async Task A_full_queue_says_when_to_try_again_and_a_job_cancelled_in_it_makes_room()
    {
        await using var server = await TrainerServer.StartAsync(_world, "--Trainer:QueueLength", "1");
        var running = await StartAsync(server, "running", _world.Spec(AdaptationMethod.SourceOnly, Endless));
        var waiting = await StartAsync(server, "waiting", _world.Spec(AdaptationMethod.SourceOnly, Endless));
        var error = await Assert.ThrowsAsync<RpcException>(() => StartAsync(server, "refused", _world.Spec(AdaptationMethod.SourceOnly, 1)));
        Assert.Equal((StatusCode.ResourceExhausted, "QUEUE_FULL"), (error.StatusCode, RpcErrors.ReadReason(error)));
        Assert.InRange(error.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan().TotalSeconds, 1, 600);

        var cancelled = await server.Client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = waiting.Id }, cancellationToken: Token);
        Assert.Equal(TrainingState.Cancelled, cancelled.Training.State);
        var next = await StartAsync(server, "next", _world.Spec(AdaptationMethod.SourceOnly, 1));
        await server.Client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = running.Id }, cancellationToken: Token);
        Assert.Equal(TrainingState.Succeeded, (await WatchAsync(server, next.Id)).Finished.State);
    }

    [Fact]
    public async Task Jobs_that_have_ended_leave_the_memory_and_stay_on_record()
    {
        await using var server = await TrainerServer.StartAsync(_world, "--Trainer:EndedJobs", "1");
        var ids = new List<string>();
        foreach (var name in new[] { "one", "two", "three" })
        {
            ids.Add((await StartAsync(server, name, _world.Spec(AdaptationMethod.SourceOnly, 1))).Id);
            Assert.Equal(TrainingState.Succeeded, (await WatchAsync(server, ids[^1])).Finished.State);
        }

        // The job leaves right after the last word of it.
        for (var i = 0; i < 200 && ids.Count(id => server.Jobs.Find(id) is not null) > 1; i++)
        {
            await Task.Delay(20, Token);
        }

        Assert.Equal(ids[^1], Assert.Single(ids, id => server.Jobs.Find(id) is not null));
        foreach (var id in ids)
        {
            Assert.Equal([1], (await WatchAsync(server, id, after: 0)).Iterations);
        }
    }

    [Fact]
    public async Task A_job_whose_checkpoints_cannot_be_removed_has_succeeded_and_the_next_start_removes_them()
    {
        string checkpoints;
        await using (var server = await TrainerServer.StartAsync(_world))
        {
            // A folder where a file is expected: it can be listed, and not be deleted.
            var id = TrainingIds.Of("messy");
            checkpoints = Path.Combine(_world.Folder.FullName, "trainings", id, "checkpoints");
            Directory.CreateDirectory(checkpoints);
            var stuck = Path.Combine(checkpoints, "00000001.safetensors");
            await File.WriteAllTextAsync(stuck, "left over", Token);
            using var immovable = Immovable.Make(checkpoints);
            Assert.SkipUnless(immovable.IsImmovable, "This file system lets nothing be made immovable for the tests' user.");
            Assert.Equal(id, (await StartAsync(server, "messy", _world.Spec(AdaptationMethod.SourceOnly, 1))).Id);
            Assert.Equal(TrainingState.Succeeded, (await WatchAsync(server, id)).Finished.State);
            Assert.True(File.Exists(stuck));
        }

        await using var restarted = await TrainerServer.StartAsync(_world);
        for (var i = 0; i < 200 && Directory.EnumerateFiles(checkpoints).Any(); i++)
        {
            await Task.Delay(20, Token);
        }

        Assert.Empty(Directory.EnumerateFiles(checkpoints));
    }

    [Fact]
    public async Task A_cancelled_job_stops_within_a_second_and_goes_on_when_it_is_started_again()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var spec = _world.Spec(AdaptationMethod.Advent, Endless);
        var id = (await StartAsync(server, "long", spec)).Id;
        var first = await CancelAfterAsync(server, id, iterations: 3);
        Assert.Equal(TrainingState.Cancelled, first.Job.State);
        // An iteration of this size takes a few hundredths of a second; the rest allows for a busy machine.
        Assert.InRange(first.Seconds, 0, 5);
        Assert.InRange(first.Job.Iteration, 3, Endless - 1);

        Assert.Equal(id, (await StartAsync(server, "long", spec)).Id);
        var second = await CancelAfterAsync(server, id, iterations: (int)first.Job.Iteration + 2);
        Assert.True(second.Job.Iteration > first.Job.Iteration);
    }

    [Fact]
    public async Task A_job_whose_trainer_was_stopped_is_taken_up_by_the_next_one()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly, 400);
        string id;
        await using (var server = await TrainerServer.StartAsync(_world))
        {
            id = (await StartAsync(server, "moved", spec)).Id;
            using var call = server.Client.WatchTraining(new WatchTrainingRequest { TrainingId = id }, cancellationToken: Token);
            while (await call.ResponseStream.MoveNext(Token).Within() && call.ResponseStream.Current.Metrics is not { Iteration: >= 2 })
            {
            }
        }

        await using var next = await TrainerServer.StartAsync(_world);
        var found = await next.Client.GetTrainingAsync(new GetTrainingRequest { TrainingId = id }, cancellationToken: Token);
        Assert.Equal(TrainingState.Cancelled, found.Training.State);
        await StartAsync(next, "moved", spec);
        var last = await CancelAfterAsync(next, id, iterations: 4);
        Assert.InRange(last.FirstProgress, 2, 399);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_trainer_that_is_told_to_end_stops_its_job_although_somebody_watches_it()
    {
        // An hour for whoever still has to finish: the watcher must not be waited for while the training goes on.
        var server = await TrainerServer.StartAsync(_world, "--ShutdownSeconds", "3600", "--Trainer:FarewellSeconds", "60");
        var id = (await StartAsync(server, "watched", _world.Spec(AdaptationMethod.SourceOnly, Endless))).Id;
        using var call = server.Client.WatchTraining(new WatchTrainingRequest { TrainingId = id }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());

        var ended = server.StopAsync();
        var watched = new Watched();
        while (await call.ResponseStream.MoveNext(Token).Within())
        {
            watched.Take(call.ResponseStream.Current);
        }

        Assert.Equal(TrainingState.Cancelled, watched.Finished.State);
        await ended.Within();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Weights_that_do_not_fit_fail_the_job_with_their_reason()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var weights = (await WatchAsync(server, (await StartAsync(server, "first", _world.Spec(AdaptationMethod.SourceOnly, 1))).Id)).Finished.Result.Weights;
        var spec = _world.Spec(AdaptationMethod.SourceOnly, 1);
        spec.Architecture = "deeplabv2-resnet50";
        spec.InitialWeights = weights;
        var failed = (await WatchAsync(server, (await StartAsync(server, "second", spec)).Id)).Finished;
        Assert.Equal(TrainingState.Failed, failed.State);
        Assert.Equal((int)StatusCode.InvalidArgument, failed.Error.Code);
        Assert.Contains("unexpected decoder.conv.weight", failed.Error.Message, StringComparison.Ordinal);

        spec.InitialWeights = new Artifact(weights) { Key = "nowhere.safetensors" };
        var missing = (await WatchAsync(server, (await StartAsync(server, "third", spec)).Id)).Finished;
        Assert.Equal((int)StatusCode.NotFound, missing.Error.Code);
    }

    [Fact]
    public async Task Jobs_are_listed_page_by_page()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var ids = new List<string>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            ids.Add((await StartAsync(server, name, _world.Spec(AdaptationMethod.SourceOnly, 0))).Id);
        }

        var first = await server.Client.ListTrainingsAsync(new ListTrainingsRequest { PageSize = 2 }, cancellationToken: Token);
        var second = await server.Client.ListTrainingsAsync(
            new ListTrainingsRequest { PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Token);
        Assert.Equal("", second.NextPageToken);
        Assert.Equal(ids.Order(), first.Trainings.Concat(second.Trainings).Select(t => t.Id).Order());
        var error = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.ListTrainingsAsync(new ListTrainingsRequest { PageToken = "made up" }, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task The_service_says_who_it_is_and_what_it_can_train()
    {
        await using var server = await TrainerServer.StartAsync(_world);
        var info = await server.Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: Token);
        Assert.Equal(TrainerApplication.Name, info.Service.Name);
        Assert.Equal(["compact", "deeplabv2-resnet101", "deeplabv2-resnet50"], info.Architectures.Select(a => a.Name).Order(StringComparer.Ordinal));
        Assert.All(info.Architectures, a => Assert.Equal(a.Name != "compact", a.RunningStatistics));
        Assert.Equal(4, info.Methods.Count);
        Assert.Equal("intrada.training/1", info.CheckpointFormat);
        Assert.NotEmpty(info.Device);
    }

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<Job> StartAsync(TrainerServer server, string requestId, TrainingSpec spec) => (await server.Client
        .StartTrainingAsync(new StartTrainingRequest { RequestId = requestId, Spec = spec }, cancellationToken: Token).ResponseAsync.Within()).Training;

    private static async Task<Watched> WatchAsync(TrainerServer server, string id, long after = 0)
    {
        using var call = server.Client.WatchTraining(new WatchTrainingRequest { TrainingId = id, AfterIteration = after }, cancellationToken: Token);
        var watched = new Watched();
        while (await call.ResponseStream.MoveNext(Token).Within())
        {
            Assert.Null(watched.Job);
            watched.Take(call.ResponseStream.Current);
        }

        return watched;
    }

    private static async Task<(Job Job, double Seconds, long FirstProgress)> CancelAfterAsync(TrainerServer server, string id, int iterations)
    {
        using var call = server.Client.WatchTraining(new WatchTrainingRequest { TrainingId = id, AfterIteration = -1 }, cancellationToken: Token);
        var watched = new Watched();
        long asked = 0;
        while (watched.Job is null && await call.ResponseStream.MoveNext(Token).Within())
        {
            watched.Take(call.ResponseStream.Current);
            if (asked == 0 && watched.Iterations.LastOrDefault() >= iterations)
            {
                asked = TimeProvider.System.GetTimestamp();
                await server.Client.CancelTrainingAsync(new CancelTrainingRequest { TrainingId = id }, cancellationToken: Token).ResponseAsync.Within();
            }
        }

        return (watched.Finished, TimeProvider.System.GetElapsedTime(asked).TotalSeconds, watched.Iterations[0]);
    }
}

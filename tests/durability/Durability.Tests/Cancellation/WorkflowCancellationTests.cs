using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Durability.Tests.Kills;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Hosting.Identifiers;

namespace IntraDA.Durability.Tests.Cancellation;

/// <summary>A user who stops a workflow amid any stage finds it stopped, and resumes it without loss.</summary>
public sealed class WorkflowCancellationTests(Streets streets, Undisturbed undisturbed, Tally tally)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);

    // On a machine that has other things to do, an answer may be late though the work has stopped.
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(5);

    [Fact(Timeout = 600_000)]
    public async Task A_workflow_cancelled_amid_every_stage_and_resumed_ends_with_the_artefacts_of_an_undisturbed_one()
    {
        var (_, expected) = await undisturbed.GetAsync(streets);
        using var store = new StoreFolder();
        await using var services = await SeparateServices.StartAsync(store.Options);
        var gateway = services.Gateway;
        await gateway.RegisterStreetsAsync(streets.Directory);
        var id = (await gateway.CreateAsync(Streets.Spec())).Id;

        var slowest = TimeSpan.Zero;
        var stopped = 0;
        foreach (var stage in KillCell.Stages)
        {
            await StageWatch.UntilUnderWayAsync(stage, services, store);
            var begin = TimeProvider.System.GetTimestamp();
            var workflow = await gateway.CancelAsync(id);
            var took = TimeProvider.System.GetElapsedTime(begin);
            if (workflow.State == WorkflowState.Succeeded)
            {
                // The last stage was over before the word reached the gateway.
                Assert.Equal(StageKind.Report, stage);
                break;
            }

            Assert.Equal(WorkflowState.Cancelled, workflow.State);
            Assert.True(took < Tolerated, $"{stage} took {took.TotalSeconds:0.00} s to be cancelled.");
            slowest = took > slowest ? took : slowest;
            stopped++;
            Assert.Empty(await RunningAsync(services.Trainer));
            await gateway.ResumeAsync(id);
        }

        var ended = await StageWatch.EndOfAsync(services, id);
        Assert.True(ended.State == WorkflowState.Succeeded, $"{ended.State}: {ended.Error?.Message}\n{services.Messages}");
        StoreFolder.AssertSame(expected, store.Artifacts());
        tally.Cancellations(stopped);
        Tally.Say($"{stopped} cancellations, one a stage: the slowest was over in {slowest.TotalMilliseconds:0} ms (promised {Promised.TotalSeconds:0} s)");
    }

    [Fact(Timeout = 300_000)]
    public async Task Stopping_a_workflow_whose_gateway_was_killed_stops_its_training_too()
    {
        using var store = new StoreFolder();
        await using var services = await SeparateServices.StartAsync(store.Options);
        await services.Gateway.RegisterStreetsAsync(streets.Directory);
        var spec = Streets.Spec(seed: 5);
        spec.SourceOptions.Iterations = 50_000;
        var id = (await services.Gateway.CreateAsync(spec)).Id;
        await StageWatch.UntilUnderWayAsync(StageKind.Source, services, store);
        await services.KillAsync(Service.Gateway);
        await services.StartAsync(Service.Gateway);

        var cancelled = await services.Gateway.CancelAsync(id);
        Assert.Equal(WorkflowState.Cancelled, cancelled.State);
        Assert.Empty(await RunningAsync(services.Trainer));
        tally.Kills(1);
        tally.Cancellations(1);
        Assert.Equal(TrainingState.Cancelled, (await services.Trainer.GetTrainingAsync(
            new GetTrainingRequest { TrainingId = TrainingIds.Of(store.KeyOf(StageKind.Source)!) },
            cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Within()).Training.State);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_workflow_whose_gateway_was_killed_amid_its_cancellation_is_cancelled_by_the_next_one()
    {
        using var store = new StoreFolder();
        await using var services = await SeparateServices.StartAsync(store.Options);
        await services.Gateway.RegisterStreetsAsync(streets.Directory);
        var spec = Streets.Spec(seed: 6);
        spec.SourceOptions.Iterations = 50_000;
        var id = (await services.Gateway.CreateAsync(spec)).Id;
        await StageWatch.UntilUnderWayAsync(StageKind.Source, services, store);

        // A trainer that does not answer keeps the gateway from coming to the end event before it is killed.
        await services[Service.Trainer].FreezeAsync();
        var cancelling = services.Gateway.CancelAsync(id);
        var begin = TimeProvider.System.GetTimestamp();
        while (!store.Has($"workflows/{id}/cancel.json"))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Tolerated, "The user's word is not in the store.");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        await services.KillAsync(Service.Gateway);
        await Assert.ThrowsAnyAsync<Exception>(() => cancelling);
        Assert.DoesNotContain(store.Events(), change => change.ContainsKey("workflow"));
        await services[Service.Trainer].ThawAsync();
        await services.StartAsync(Service.Gateway);

        var ended = await StageWatch.EndOfAsync(services, id);
        Assert.Equal(WorkflowState.Cancelled, ended.State);
        Assert.Empty(await RunningAsync(services.Trainer));
        tally.Kills(1);
        tally.Cancellations(1);
    }

    // The word to stop is on its way when the gateway answers; a job ends with the iteration that it is at.
    private static async Task<IReadOnlyList<string>> RunningAsync(TrainerService.TrainerServiceClient trainer)
    {
        IReadOnlyList<string> running = [];
        var begin = TimeProvider.System.GetTimestamp();
        do
        {
            var jobs = await trainer
                .ListTrainingsAsync(new ListTrainingsRequest { PageSize = 500 }, cancellationToken: TestContext.Current.CancellationToken)
                .ResponseAsync.Within();
            running = [.. jobs.Trainings.Where(job => job.State is TrainingState.Queued or TrainingState.Running).Select(job => job.Id)];
        }
        while (running.Count > 0 && TimeProvider.System.GetElapsedTime(begin) < Tolerated);
        return running;
    }
}

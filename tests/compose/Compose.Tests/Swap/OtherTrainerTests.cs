using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Hosting.Errors;

namespace IntraDA.Compose.Tests.Swap;

/// <summary>A trainer of another team, examples/trainers/minent, which knows this repository's contract only, beside ours.</summary>
public sealed class OtherTrainerTests(SwapWorld world) : IClassFixture<SwapWorld>
{
    private const string Ours = "intrada-trainer";
    private const string Other = "minent-trainer";
    private const int Iterations = 40;
    private const int CheckpointEvery = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrainerSwap_a_workflow_pinned_to_another_teams_trainer_is_trained_by_it_alone()
    {
        await using var ours = await world.StartTrainerAsync("1.0.0");
        await using var other = await world.StartOtherTrainerAsync();
        var spec = MinEnt(seed: 21);
        spec.Trainer = $"{Other}@1.x";

        var (workflow, events) = await world.Gateway.RunAsync(spec);

        Assert.All([StageKind.Source, StageKind.Inter, StageKind.Intra], kind => Assert.Equal(Other, workflow.Stage(kind).Service.Name));
        Assert.Contains(
            events, e => e.Metrics is { Stage: StageKind.Inter } metrics && metrics.Metrics.Terms.TryGetValue("ent_main", out var entropy) && entropy is > 0 and <= 1);
        var report = await world.Gateway.ReportAsync(workflow);
        Assert.InRange(report["miou"]!["intra"]!.GetValue<double>(), 0.01, 100);
        var intra = report["lineage"]!.AsArray().Single(entry => entry!["stage"]!.GetValue<string>() == "intra")!;
        Assert.Equal((Other, "1.0.0"), (intra["service"]!["name"]!.GetValue<string>(), intra["service"]!["version"]!.GetValue<string>()));
        var shown = (await world.Cli.RunAsync("workflows", "show", workflow.Id, "--json")).Succeeded().Result["stages"]!.AsArray();
        Assert.Contains(shown, stage => stage!["stage"]!.GetValue<string>() == "inter" && stage["service"]!["name"]!.GetValue<string>() == Other);
    }

    [Fact]
    public async Task TrainerSwap_stages_without_a_pin_go_to_whoever_has_their_method_and_the_workflow_says_who()
    {
        // Most wanted first: what the first place can do, it does.
        await using var other = await world.StartOtherTrainerAsync(inB: false);
        await using var ours = await world.StartTrainerAsync("1.0.0", inB: true);
        var spec = MinEnt(seed: 22);
        spec.IntraOptions.Method = AdaptationMethod.Advent;

        var (workflow, _) = await world.Gateway.RunAsync(spec);

        Assert.Equal(Other, workflow.Stage(StageKind.Inter).Service.Name);
        Assert.Equal(Ours, workflow.Stage(StageKind.Intra).Service.Name);
        Console.Out.WriteLine($"summary: {string.Join(", ", workflow.Stages.Where(s => s.Service is not null).Select(s => $"{s.Kind}: {s.Service.Name} {s.Service.Version}"))}");
    }

    [Fact]
    public async Task TrainerSwap_another_teams_trainer_starts_a_request_once_even_after_a_crash()
    {
        await using var ours = await world.StartTrainerAsync("1.0.0");
        var other = await world.StartOtherTrainerAsync();
        try
        {
            var request = await RequestAsync("once", iterations: 3);
            var first = await other.StartTrainingAsync(request);
            var beside = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => other.StartTrainingAsync(request)));
            Assert.All(beside, again => Assert.Equal(first.Id, again.Id));
            var finished = await other.WatchTrainingAsync(first.Id);
            await other.KillAsync();
            await other.DisposeAsync();
            other = await world.StartOtherTrainerAsync();

            var elsewhere = request.Clone();
            elsewhere.Spec.Device = "cpu";
            var known = await other.StartTrainingAsync(elsewhere);
            Assert.Equal(TrainingState.Succeeded, known.State);
            Assert.Equal((first.Id, finished.Result.Weights), (known.Id, known.Result.Weights));

            var changed = request.Clone();
            changed.Spec.Options.Seed++;
            var refused = await Assert.ThrowsAsync<RpcException>(() => other.StartTrainingAsync(changed));
            Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
            var foreign = request.Clone();
            (foreign.RequestId, foreign.Spec.Options.Method) = ("foreign", AdaptationMethod.Advent);
            refused = await Assert.ThrowsAsync<RpcException>(() => other.StartTrainingAsync(foreign));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Equal(["spec.options.method"], RpcErrors.ReadViolations(RpcErrors.Read(refused)).Select(v => v.Field));
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task TrainerSwap_another_teams_trainer_that_is_cancelled_and_killed_goes_on_to_the_same_weights()
    {
        await using var ours = await world.StartTrainerAsync("1.0.0");
        var other = await world.StartOtherTrainerAsync();
        try
        {
            var request = await RequestAsync("interrupted", Iterations);
            var id = (await other.StartTrainingAsync(request)).Id;
            await other.WatchTrainingAsync(id, until: CheckpointEvery + 2);
            await other.CancelTrainingAsync(id);
            var cancelled = await other.WatchTrainingAsync(id);
            Assert.Equal(TrainingState.Cancelled, cancelled.State);
            Assert.InRange(cancelled.Iteration, CheckpointEvery + 2, Iterations - 1);

            await other.StartTrainingAsync(request);
            await other.WatchTrainingAsync(id, until: cancelled.Iteration + CheckpointEvery + 1);
            await other.KillAsync();
            await other.DisposeAsync();
            other = await world.StartOtherTrainerAsync();
            Assert.Equal(id, (await other.StartTrainingAsync(request)).Id);
            var resumed = await other.WatchTrainingAsync(id);

            var whole = request.Clone();
            whole.RequestId = "whole";
            var through = await other.WatchTrainingAsync((await other.StartTrainingAsync(whole)).Id);
            Assert.Equal(TrainingState.Succeeded, resumed.State);
            Assert.InRange(resumed.Result.ResumedFrom, cancelled.Iteration + 1, Iterations - 1);
            Assert.Equal(0, through.Result.ResumedFrom);
            Assert.Equal(through.Result.Weights.Sha256, resumed.Result.Weights.Sha256);
            Assert.Equal(through.Result.Curves.Sha256, resumed.Result.Curves.Sha256);
            Console.Out.WriteLine(
                $"summary: {Other} was cancelled at iteration {cancelled.Iteration}, killed, and went on from {resumed.Result.ResumedFrom} of {Iterations} to equal weights");
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task TrainerSwap_another_teams_training_that_diverges_fails_by_name()
    {
        await using var ours = await world.StartTrainerAsync("1.0.0");
        await using var other = await world.StartOtherTrainerAsync();
        var request = await RequestAsync("diverging", Iterations);
        // Each iteration multiplies the weights by about -10^6.
        (request.Spec.Options.LearningRate, request.Spec.Options.WeightDecay) = (1000, 1000);

        var failed = await other.WatchTrainingAsync((await other.StartTrainingAsync(request)).Id);

        Assert.Equal(TrainingState.Failed, failed.State);
        Assert.Equal((int)StatusCode.FailedPrecondition, failed.Error.Code);
        Assert.Equal("TRAINING_DIVERGED", RpcErrors.ReadReason(failed.Error));
    }

    [Fact]
    public async Task TrainerSwap_both_teams_trainers_are_compared_in_one_table()
    {
        await using var ours = await world.StartTrainerAsync("1.0.0");
        await using var other = await world.StartOtherTrainerAsync();

        var study = (await world.Cli.RunAsync(
            "compare", "--trainers", $"{Ours}@1.x,{Other}@1.x", "--method", "minent", "--seeds", "1", "--source", world["streets/source"], "--target",
            world["streets/target"], "--validation", world["streets/validation"], "--layout", "plain", "--iterations-source", "4",
            "--iterations-inter", "4", "--iterations-intra", "3", "--batch-size", "2", "--width", "96", "--height", "64",
            "--out", world["compare-teams"], "--json")).Succeeded();

        Assert.Equal(6, study.Result["rows"]!.AsArray().Count);
        var text = await File.ReadAllTextAsync(Path.Combine(world["compare-teams"], "study.md"), Token);
        Assert.Contains($"{Ours}@1.x: intra", text, StringComparison.Ordinal);
        Assert.Contains($"{Other}@1.x: intra", text, StringComparison.Ordinal);
        foreach (var cell in study.Result["cells"]!.AsArray())
        {
            var workflow = await world.Gateway.GetAsync(cell!["workflow"]!.GetValue<string>());
            Assert.Equal(workflow.Spec.Trainer, $"{workflow.Stage(StageKind.Intra).Service.Name}@1.x");
        }
    }

    private static WorkflowSpec MinEnt(ulong seed)
    {
        var spec = TinyStreets.Spec(seed);
        spec.SkipControls = true;
        (spec.InterOptions.Method, spec.IntraOptions.Method) = (AdaptationMethod.Minent, AdaptationMethod.Minent);
        return spec;
    }

    // The sets as the gateway hands them to trainers.
    private async Task<StartTrainingRequest> RequestAsync(string id, int iterations)
    {
        var datasets = (await world.Gateway.Stub.ListDatasetsAsync(new ListDatasetsRequest(), cancellationToken: Token)).Datasets;
        var options = TinyStreets.Spec().InterOptions;
        (options.Method, options.Iterations, options.CheckpointEvery, options.LearningRate) = (AdaptationMethod.Minent, iterations, CheckpointEvery, 0.01);
        var spec = new TrainingSpec { Architecture = "compact", Unlabelled = datasets.Single(d => d.Name == "target").Manifest, Options = options };
        spec.Labelled.Add(new LabelledSet { Dataset = datasets.Single(d => d.Name == "source").Manifest });
        return new StartTrainingRequest { RequestId = id, Spec = spec };
    }
}

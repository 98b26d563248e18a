using Grpc.Core;
using IntraDA.Compose.Tests.Processes;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Identifiers;

namespace IntraDA.Compose.Tests.Swap;

/// <summary>Trainers as processes of their own that are replaced by other versions while they work.</summary>
public sealed class TrainerSwapTests(SwapWorld world) : IClassFixture<SwapWorld>
{
    private const int Iterations = 30;
    private const int CheckpointEvery = 5;
    // In the middle of the training, and behind its first checkpoint.
    private const int Moment = 12;

    [Fact]
    public async Task TrainerSwap_1_0_to_1_1_in_mid_training_goes_on_from_the_checkpoint_to_the_same_weights()
    {
        await using var old = await world.StartTrainerAsync("1.0.0");
        var id = (await world.Gateway.CreateAsync(Spec(seed: 1))).Id;
        await ReachAsync(id);
        await old.KillAsync();
        await using var next = await world.StartTrainerAsync("1.1.0");

        var swapped = await FinishAsync(id);

        Assert.True(swapped.State == WorkflowState.Succeeded, swapped.Error?.Message);
        var inter = swapped.Stage(StageKind.Inter);
        Assert.Equal("1.1.0", inter.Service.Version);
        Assert.Equal(["1.0.0"], inter.EarlierServices.Select(s => s.Version));
        Assert.Equal("1.0.0", swapped.Stage(StageKind.Source).Service.Version);
        Assert.Equal("1.1.0", swapped.Stage(StageKind.Intra).Service.Version);
        await AssertWentOnAsync(swapped, next);
        var lineage = (await world.Gateway.ReportAsync(swapped))["lineage"]!.AsArray().Single(entry => entry!["stage"]!.GetValue<string>() == "inter")!;
        Assert.Equal("1.1.0", lineage["service"]!["version"]!.GetValue<string>());
        Assert.Equal("1.0.0", Assert.Single(lineage["earlier_services"]!.AsArray())!["version"]!.GetValue<string>());
        var shown = (await world.Cli.RunAsync("workflows", "show", id, "--json")).Succeeded().Result["stages"]!.AsArray()
            .Single(stage => stage!["stage"]!.GetValue<string>() == "inter")!;
        Assert.Equal("1.1.0", shown["service"]!["version"]!.GetValue<string>());
        Assert.Equal("1.0.0", Assert.Single(shown["earlier_services"]!.AsArray())!["version"]!.GetValue<string>());

        var whole = Spec(seed: 1);
        whole.SkipCache = true;
        var (through, _) = await world.Gateway.RunAsync(whole);
        Assert.Empty(through.Stage(StageKind.Inter).EarlierServices);
        Assert.Equal(through.Weights(StageKind.Inter), swapped.Weights(StageKind.Inter));
        Assert.Equal(through.Weights(StageKind.Intra), swapped.Weights(StageKind.Intra));
    }

    [Fact]
    public async Task TrainerSwap_while_the_gateway_is_gone_too_keeps_the_stage_and_its_key()
    {
        await using var old = await world.StartTrainerAsync("1.0.0");
        var id = (await world.Gateway.CreateAsync(Spec(seed: 2))).Id;
        await ReachAsync(id);
        var key = (await world.Gateway.GetAsync(id)).Stage(StageKind.Inter).Key;
        ServiceProcess? next = null;
        await world.ReplaceGatewayAsync(async () =>
        {
            await old.KillAsync();
            next = await world.StartTrainerAsync("1.1.0");
        });
        await using var taker = next!;

        var swapped = await FinishAsync(id);

        Assert.True(swapped.State == WorkflowState.Succeeded, swapped.Error?.Message);
        Assert.Equal(key, swapped.Stage(StageKind.Inter).Key);
        Assert.Equal(["1.0.0"], swapped.Stage(StageKind.Inter).EarlierServices.Select(s => s.Version));
        await AssertWentOnAsync(swapped, taker);
    }

    [Fact]
    public async Task TrainerSwap_to_an_incompatible_2_0_is_refused_and_the_old_one_goes_on_where_it_was()
    {
        await using var old = await world.StartTrainerAsync("1.0.0");
        var id = (await world.Gateway.CreateAsync(Spec(seed: 3))).Id;
        await ReachAsync(id);
        await old.KillAsync();
        await using (await world.StartTrainerAsync("2.0.0", "intrada.training/2"))
        {
            var refused = await FinishAsync(id);

            Assert.Equal(WorkflowState.Failed, refused.State);
            Assert.Equal((int)StatusCode.FailedPrecondition, refused.Error.Code);
            Assert.Equal("TRAINER_INCOMPATIBLE", RpcErrors.ReadReason(refused.Error));
            Assert.Contains("intrada-trainer 1.0.0", refused.Error.Message, StringComparison.Ordinal);
            Assert.Contains("intrada-trainer@2.0.0", refused.Error.Message, StringComparison.Ordinal);
            Assert.Equal(WorkflowState.Failed, refused.Stage(StageKind.Inter).State);
        }

        await using var again = await world.StartTrainerAsync("1.0.1");
        await world.Gateway.ResumeAsync(id);
        var finished = await FinishAsync(id);
        Assert.True(finished.State == WorkflowState.Succeeded, finished.Error?.Message);
        Assert.Equal(["1.0.0"], finished.Stage(StageKind.Inter).EarlierServices.Select(s => s.Version));
        await AssertWentOnAsync(finished, again);
    }

    [Fact]
    public async Task TrainerSwap_to_a_minor_version_with_another_checkpoint_format_is_refused_by_the_trainer()
    {
        await using var old = await world.StartTrainerAsync("1.0.0");
        var id = (await world.Gateway.CreateAsync(Spec(seed: 4))).Id;
        await ReachAsync(id);
        await old.KillAsync();
        await using var next = await world.StartTrainerAsync("1.2.0", "intrada.training/2");

        var refused = await FinishAsync(id);

        Assert.Equal((int)StatusCode.FailedPrecondition, refused.Error.Code);
        Assert.Equal("CHECKPOINT_FORMAT", RpcErrors.ReadReason(refused.Error));
        Assert.Contains("'intrada.training/1'", refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainerSwap_side_by_side_versions_are_pinned_and_compared_in_one_report()
    {
        await using var one = await world.StartTrainerAsync("1.1.0");
        await using var two = await world.StartTrainerAsync("2.0.0", "intrada.training/2", inB: true);

        var pinned = Spec(seed: 5);
        (pinned.Trainer, pinned.InterOptions.Iterations) = ("intrada-trainer@^2.0", 4);
        var (workflow, _) = await world.Gateway.RunAsync(pinned);
        Assert.All(
            workflow.Stages.Where(s => s.Service?.Name == "intrada-trainer"), stage => Assert.Equal("2.0.0", stage.Service.Version));

        var study = (await world.Cli.RunAsync(
            "compare", "--trainers", "intrada-trainer@1.x,intrada-trainer@2.x", "--seeds", "1", "--source", world["streets/source"], "--target",
            world["streets/target"], "--validation", world["streets/validation"], "--layout", "plain", "--iterations-source", "4",
            "--iterations-inter", "4", "--iterations-intra", "3", "--batch-size", "2", "--width", "96", "--height", "64",
            "--out", world["compare"], "--json")).Succeeded();

        var rows = study.Result["rows"]!.AsArray();
        Assert.Equal(6, rows.Count);
        var text = await File.ReadAllTextAsync(Path.Combine(world["compare"], "study.md"), TestContext.Current.CancellationToken);
        Assert.Contains("intrada-trainer@1.x: intra", text, StringComparison.Ordinal);
        Assert.Contains("intrada-trainer@2.x: intra", text, StringComparison.Ordinal);
    }

    private static WorkflowSpec Spec(ulong seed)
    {
        var spec = TinyStreets.Spec(seed);
        spec.SkipControls = true;
        spec.InterOptions.Iterations = Iterations;
        spec.InterOptions.CheckpointEvery = CheckpointEvery;
        return spec;
    }

    // The same weights come out of a training that began anew too: that it went on is to be asked of the trainer.
    private static async Task AssertWentOnAsync(Workflow workflow, ServiceProcess trainer)
    {
        var inter = workflow.Stage(StageKind.Inter);
        var from = (await trainer.GetTrainingAsync(TrainingIds.Of(inter.Key))).Result.ResumedFrom;
        Console.Out.WriteLine(
            $"summary: {inter.Service.Name} {inter.Service.Version} went on from iteration {from} of {Iterations} after {inter.EarlierServices[^1].Version}");
        Assert.InRange(from, CheckpointEvery, Iterations - 1);
    }

    private async Task ReachAsync(string id) => await world.Gateway.WatchAsync(
        id, wanted: e => e.Metrics is { Stage: StageKind.Inter } metrics && metrics.Metrics.Iteration >= Moment);

    private async Task<Workflow> FinishAsync(string id) => (await world.Gateway.WatchAsync(id))[^1].Workflow;
}

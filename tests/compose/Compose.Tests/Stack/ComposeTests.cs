using System.Globalization;
using System.Text.RegularExpressions;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Hosting.Identifiers;

namespace IntraDA.Compose.Tests.Stack;

/// <summary>The stack in containers, used from outside as people use it.</summary>
public sealed class ComposeTests(ComposedServices stack) : IClassFixture<ComposedServices>
{
    [Fact]
    public async Task Compose_stack_adapts_from_outside_and_streams_predictions_from_gateway_and_segmenter()
    {
        Skip();
        var adapt = (await stack.Cli.RunAsync(
            TimeSpan.FromMinutes(5),
            "adapt", "--api-key-file", stack.KeyFile, "--source", stack["streets", "source"], "--target", stack["streets", "target"], "--validation",
            stack["streets", "validation"], "--layout", "plain", "--iterations-source", "4", "--iterations-inter", "4", "--iterations-intra", "3",
            "--batch-size", "2", "--width", "96", "--height", "64", "--skip-controls", "--out", stack["report"], "--json")).Succeeded();

        Assert.InRange(adapt.Result["miou"]!["intra"]!.GetValue<double>(), 0.01, 100);
        Assert.True(File.Exists(Path.Combine(stack["report"], "report.html")));
        var id = adapt.Result["workflow"]!.GetValue<string>();
        var images = Directory.GetFiles(stack["streets", "validation", "images"]);
        var predict = (await stack.Cli.RunAsync(
            ["predict", "--api-key-file", stack.KeyFile, "--workflow", id, .. images, "--out", stack["predicted"], "--json"])).Succeeded();
        Assert.Equal(images.Length, predict.Result["images"]!.GetValue<int>());
        var direct = (await stack.Cli.RunAsync(
            [
                "predict", "--api-key-file", stack.KeyFile, "--segmenter", stack.SegmenterAddress, "--workflow", id, .. images, "--out",
                stack["predicted-directly"], "--json",
            ])).Succeeded();
        Assert.Equal(images.Length, direct.Result["images"]!.GetValue<int>());
        Console.Out.WriteLine($"summary: {id} adapted, {images.Length} predictions streamed from the gateway and as many from the segmenter's own port");

        var log = await stack.LogsAsync("trainer");
        Assert.Contains(id, log, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(stack.KeyFile, TestContext.Current.CancellationToken), log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_stack_has_another_teams_image_train_a_workflow_that_is_pinned_to_it()
    {
        Skip();
        await PushStreetsAsync();
        var spec = TinyStreets.Spec(seed: 12);
        (spec.SkipControls, spec.Trainer) = (true, "minent-trainer@1.x");
        (spec.InterOptions.Method, spec.IntraOptions.Method) = (AdaptationMethod.Minent, AdaptationMethod.Minent);

        var (workflow, _) = await stack.Gateway.RunAsync(spec);

        Assert.All(
            [StageKind.Source, StageKind.Inter, StageKind.Intra], kind => Assert.Equal("minent-trainer", workflow.Stage(kind).Service.Name));
        Console.Out.WriteLine($"summary: {workflow.Id} was trained by {workflow.Stage(StageKind.Intra).Service.Name} {workflow.Stage(StageKind.Intra).Service.Version}");
    }

    [Fact]
    public async Task Compose_stack_asks_callers_who_they_are()
    {
        Skip();
        (await stack.Cli.RunAsync("workflows", "list")).RefusedWith(1, "key");
    }

    [Fact]
    public async Task Compose_TrainerSwap_replaces_the_container_in_mid_training_and_ends_with_the_same_weights()
    {
        Skip();
        var next = await stack.BuildTrainerAsync("1.1.0");
        await PushStreetsAsync();
        var spec = TinyStreets.Spec(seed: 11);
        spec.SkipControls = true;
        // Long enough for the engine to replace a container meanwhile.
        (spec.InterOptions.Iterations, spec.InterOptions.CheckpointEvery) = (80, 5);
        var id = (await stack.Gateway.CreateAsync(spec)).Id;
        await stack.Gateway.WatchAsync(id, wanted: e => e.Metrics is { Stage: StageKind.Inter } metrics && metrics.Metrics.Iteration >= 8);

        await stack.ReplaceTrainerAsync(next);
        await stack.Gateway.WatchAsync(id);
        var swapped = await stack.Gateway.GetAsync(id);

        Assert.True(swapped.State == WorkflowState.Succeeded, swapped.Error?.Message);
        var inter = swapped.Stage(StageKind.Inter);
        Assert.Equal("1.1.0", inter.Service.Version);
        Assert.Equal(["1.0.0"], inter.EarlierServices.Select(s => s.Version));
        // The new container's log: the old one's went with it.
        var done = (await stack.LogsAsync("trainer")).Split('\n').Single(line => line.Contains($"{TrainingIds.Of(inter.Key)} is done", StringComparison.Ordinal));
        var from = int.Parse(Regex.Match(done, "from iteration ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(from, spec.InterOptions.CheckpointEvery, spec.InterOptions.Iterations - 1);
        Console.Out.WriteLine(
            $"summary: the container of {inter.EarlierServices[0].Version} was replaced by {inter.Service.Version}, which went on from iteration {from} of {spec.InterOptions.Iterations}");

        spec.SkipCache = true;
        var (through, _) = await stack.Gateway.RunAsync(spec);
        Assert.Equal(through.Weights(StageKind.Inter), swapped.Weights(StageKind.Inter));
        Assert.Equal(through.Weights(StageKind.Intra), swapped.Weights(StageKind.Intra));
    }

    private void Skip() => Assert.SkipWhen(stack.Unavailable is not null, $"Nothing was started: {stack.Unavailable}");

    private async Task PushStreetsAsync()
    {
        foreach (var role in new[] { "source", "target", "validation" })
        {
            string[] labels = role == "target" ? ["--ignore-labels"] : [];
            (await stack.Cli.RunAsync(
                ["data", "push", stack["streets", role], "--api-key-file", stack.KeyFile, "--name", role, "--layout", "plain", .. labels])).Succeeded();
        }
    }
}

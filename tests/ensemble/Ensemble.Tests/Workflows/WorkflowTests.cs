using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Workflows;

/// <summary>The two-step workflow through the gateway, with real training, scoring and ranking behind it.</summary>
public sealed class WorkflowTests(RunningEnsemble ensemble)
{
    private static readonly StageKind[] Trainings =
        [StageKind.Source, StageKind.Inter, StageKind.Intra, StageKind.SourceContinued, StageKind.InterContinued];

    [Fact]
    public async Task Every_stage_succeeds_but_the_one_that_compact_has_no_statistics_for()
    {
        var workflow = await ensemble.PlainAsync();

        Assert.Equal(Enum.GetValues<StageKind>().Skip(1).Order(), workflow.Stages.Select(stage => stage.Kind).Order());
        foreach (var stage in workflow.Stages.Where(stage => stage.Kind != StageKind.SourceRenormalized))
        {
            Assert.True(stage.State == WorkflowState.Succeeded, $"{stage.Kind}: {stage.State} {stage.Reason}");
            Assert.NotEmpty(stage.Outputs);
            Assert.NotEmpty(stage.Inputs);
            Assert.Matches("^[0-9a-f]{64}$", stage.Key);
            Assert.True(stage.Service is { Name.Length: > 0, Version.Length: > 0 }, $"{stage.Kind} does not say who did it.");
            Assert.True(stage.EndTime >= stage.StartTime);
        }

        var skipped = workflow.Stage(StageKind.SourceRenormalized);
        Assert.Equal(WorkflowState.Skipped, skipped.State);
        Assert.Contains("compact", skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(Trainings.Length, Trainings.Select(workflow.Weights).Distinct().Count());
    }

    [Fact]
    public async Task The_json_report_has_the_figures_of_the_issue()
    {
        var workflow = await ensemble.PlainAsync();
        var report = await ensemble.Gateway.ReportAsync(workflow);

        Assert.Equal(workflow.Id, report["workflow"]!.GetValue<string>());
        var miou = report["miou"]!;
        foreach (var value in new[]
        {
            miou["source_only"], miou["inter"], miou["intra"], miou["controls"]!["source_continued"], miou["controls"]!["inter_continued"],
        })
        {
            Assert.InRange(value!.GetValue<double>(), 0.001, 100);
        }

        Assert.Null(miou["controls"]!["source_renormalized"]);
        var ranking = report["ranking"]!;
        Assert.InRange(ranking["auc_difficulty"]!.GetValue<double>(), 0, 1);
        Assert.InRange(ranking["spearman_error"]!.GetValue<double>(), -1, 1);
        Assert.NotEmpty(ranking["risk_coverage"]!.AsArray());
        Assert.Equal(TinyStreets.TargetImages, ranking["easy"]!.GetValue<int>() + ranking["hard"]!.GetValue<int>());
        Assert.Equal(11, report["per_class"]!.AsArray().Count);
        Assert.NotEmpty(report["curves"]!.AsArray());
        Assert.Equal(workflow.Stages.Count, report["lineage"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_html_report_needs_no_other_file()
    {
        var workflow = await ensemble.PlainAsync();
        var html = Encoding.UTF8.GetString(await ensemble.Gateway.DownloadAsync(workflow.ReportHtml));

        Assert.StartsWith("<!doctype html>", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("</html>", html, StringComparison.OrdinalIgnoreCase);
        // The gallery: image, truth, inter, entropy and intra of at least the easiest, the median and the hardest image.
        Assert.True(Regex.Count(html, "src=\"data:image/") >= 15);
        Assert.DoesNotMatch("(src|href)=\"(?!data:|#)", html);
        Assert.DoesNotMatch("@import|url\\((?!data:|#|\"data:|'data:)", html);
    }

    [Fact]
    public async Task A_replay_gives_the_durable_events_of_the_live_stream()
    {
        var spec = TinyStreets.Spec();
        spec.SkipControls = true;
        spec.Ranking = new RankingOptions { Lambda = 0.4 };
        var (workflow, live) = await ensemble.Gateway.RunAsync(spec);
        var durable = Durable(live);

        var replay = await ensemble.Gateway.WatchAsync(workflow.Id);

        Assert.Equal(durable, Durable(replay));
        Assert.Equal(Enumerable.Range(1, durable.Count).Select(i => (ulong)i), durable.Select(e => e.Sequence));
        Assert.Equal(WorkflowState.Succeeded, durable[^1].Workflow.State);
        Assert.Equal(workflow.LastSequence, durable[^1].Sequence);
        Assert.Equal(durable.Skip(5), Durable(await ensemble.Gateway.WatchAsync(workflow.Id, after: 5)));
        Assert.Contains(live, e => e.Metrics?.Stage == StageKind.Intra);

        static List<WatchWorkflowResponse> Durable(IEnumerable<WatchWorkflowResponse> events) =>
            [.. events.Where(e => e.Stage is not null || e.Workflow is not null)];
    }

    [Fact]
    public async Task Another_lambda_trains_the_first_step_no_second_time()
    {
        var first = await ensemble.PlainAsync();
        var spec = TinyStreets.Spec();
        spec.Ranking = new RankingOptions { Lambda = 0.25 };

        var (second, _) = await ensemble.Gateway.RunAsync(spec);

        foreach (var kind in new[] { StageKind.Source, StageKind.Inter, StageKind.Score, StageKind.SourceContinued, StageKind.InterContinued })
        {
            Assert.True(second.Stage(kind).Reused, $"{kind} was made again.");
            Assert.Equal(first.Stage(kind).Outputs, second.Stage(kind).Outputs);
        }

        foreach (var kind in new[] { StageKind.Rank, StageKind.PseudoLabel, StageKind.Intra, StageKind.Evaluate, StageKind.Report })
        {
            Assert.False(second.Stage(kind).Reused, $"{kind} was reused though the split is another.");
        }

        Assert.NotEqual(first.Weights(StageKind.Intra), second.Weights(StageKind.Intra));
        Assert.Equal(4, (await ensemble.Gateway.ReportAsync(second))["ranking"]!["easy"]!.GetValue<int>());
    }

    [Fact]
    public async Task Labels_of_the_target_are_never_opened_not_even_where_its_manifest_names_them()
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(ensemble.Folder("target"), "*", SearchOption.AllDirectories))
        {
            var copy = folder[Path.GetRelativePath(ensemble.Folder("target"), file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var registered = (await ensemble.Gateway.Stub.RegisterDatasetAsync(
            new RegisterDatasetRequest { Name = "poisoned", Directory = new DirectoryDataset { Path = folder.Path, Layout = "plain" } },
            cancellationToken: TestContext.Current.CancellationToken)).Dataset;
        Assert.Equal(TinyStreets.TargetImages, registered.Labelled);
        // Half of them poisoned, half of them gone: whoever opens one fails.
        foreach (var (label, i) in Directory.GetFiles(folder["labels"]).Order().Select((label, i) => (label, i)))
        {
            File.Delete(label);
            if (i % 2 == 0)
            {
                await File.WriteAllTextAsync(label, "poison", TestContext.Current.CancellationToken);
            }
        }

        var spec = TinyStreets.Spec();
        (spec.Target, spec.SkipCache, spec.SkipControls) = ("poisoned", true, true);
        var (workflow, _) = await ensemble.Gateway.RunAsync(spec);

        var plain = await ensemble.PlainAsync();
        Assert.Equal(
            new[] { StageKind.Inter, StageKind.Intra }.Select(plain.Weights), new[] { StageKind.Inter, StageKind.Intra }.Select(workflow.Weights));
        (await ensemble.Cli.RunAsync("evaluate", "--workflow", workflow.Id, "--dataset", "poisoned", "--json"))
            .RefusedWith(1, "labels/", "changed after it was registered");
    }

    [Fact]
    public async Task Lambda_one_is_self_training_alone()
    {
        var workflow = await RunAsync(spec => spec.Ranking = new RankingOptions { Lambda = 1 });

        var intra = workflow.Stage(StageKind.Intra);
        Assert.Equal(WorkflowState.Succeeded, intra.State);
        Assert.Contains("self-training", intra.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("unlabelled", intra.Inputs.Keys);
        Assert.DoesNotContain("hard_dataset", workflow.Stage(StageKind.PseudoLabel).Outputs.Keys);
        await SplitHasAsync(workflow, easy: TinyStreets.TargetImages, hard: 0);
    }

    [Fact]
    public async Task Lambda_zero_leaves_the_second_step_out()
    {
        var workflow = await RunAsync(spec => spec.Ranking = new RankingOptions { Lambda = 0 });

        var intra = workflow.Stage(StageKind.Intra);
        Assert.Equal(WorkflowState.Skipped, intra.State);
        Assert.Contains("No image is easy", intra.Reason, StringComparison.Ordinal);
        await SplitHasAsync(workflow, easy: 0, hard: TinyStreets.TargetImages);
        var report = await ensemble.Gateway.ReportAsync(workflow);
        Assert.Null(report["miou"]!["intra"]);
        Assert.NotNull(report["miou"]!["inter"]);
    }

    [Fact]
    public async Task Keeping_the_source_gives_the_second_step_two_labelled_sets()
    {
        var workflow = await RunAsync(spec => spec.KeepSource = true);

        var plain = (await ensemble.PlainAsync()).Stage(StageKind.Intra);
        var intra = workflow.Stage(StageKind.Intra);
        Assert.DoesNotContain("labelled.1", plain.Inputs.Keys);
        Assert.Equal(workflow.Stage(StageKind.Source).Inputs["labelled.0"], intra.Inputs["labelled.1"]);
        Assert.NotEqual(plain.Outputs["weights"].Sha256, intra.Outputs["weights"].Sha256);
    }

    [Fact]
    public async Task Entropy_is_minimised_without_an_adversary()
    {
        var spec = TinyStreets.Spec();
        spec.SkipControls = true;
        spec.InterOptions.Method = AdaptationMethod.Minent;
        spec.IntraOptions.Method = AdaptationMethod.SourceOnly;

        var (workflow, events) = await ensemble.Gateway.RunAsync(spec);

        Assert.True(workflow.Stage(StageKind.Source).Reused);
        var terms = Terms(StageKind.Inter);
        Assert.Contains(terms, term => term.StartsWith("ent", StringComparison.Ordinal));
        Assert.DoesNotContain(terms, term => term.StartsWith("d_", StringComparison.Ordinal));
        Assert.DoesNotContain("unlabelled", workflow.Stage(StageKind.Intra).Inputs.Keys);
        Assert.Equal(["learning_rate", "seg_aux", "seg_main"], Terms(StageKind.Intra));

        List<string> Terms(StageKind kind) =>
            [.. events.Where(e => e.Metrics?.Stage == kind).SelectMany(e => e.Metrics.Metrics.Terms.Keys).Distinct().Order()];
    }

    [Fact]
    public async Task Rare_classes_change_the_order()
    {
        var workflow = await RunAsync(spec => spec.Ranking = new RankingOptions { Method = RankingMethod.RareClass });

        // Ids of fence, pole, sign, person and bicyclist: the generator's own list.
        Assert.NotEmpty(workflow.Spec.Ranking.RareTrainIds);
        var plain = await ensemble.PlainAsync();
        Assert.True(workflow.Stage(StageKind.Score).Reused);
        Assert.NotEqual(
            plain.Stage(StageKind.Rank).Outputs["ranking"].Sha256, workflow.Stage(StageKind.Rank).Outputs["ranking"].Sha256);
        await SplitHasAsync(workflow, easy: 10, hard: 6);
    }

    [Theory]
    [InlineData(PseudoLabelPolicy.Confidence)]
    [InlineData(PseudoLabelPolicy.ClassBalanced)]
    public async Task Unsure_pixels_are_ignored(PseudoLabelPolicy policy)
    {
        await ensemble.PlainAsync();
        var workflow = await RunAsync(spec => spec.PseudoLabels = policy == PseudoLabelPolicy.Confidence
            ? new PseudoLabelOptions { Policy = policy, ConfidenceThreshold = 0.3 }
            : new PseudoLabelOptions { Policy = policy, ClassShare = 0.5 });

        Assert.True(workflow.Stage(StageKind.Inter).Reused);
        var labels = JsonParser.Default.Parse<PseudoLabelReport>(
            Encoding.UTF8.GetString(await ensemble.Gateway.DownloadAsync(workflow.Stage(StageKind.PseudoLabel).Outputs["report"])));
        Assert.InRange(labels.LabelledShare, 0.01, 0.99);
        if (policy == PseudoLabelPolicy.ClassBalanced)
        {
            Assert.InRange(labels.LabelledShare, 0.45, 0.55);
        }
    }

    [Fact]
    public async Task A_request_that_is_repeated_creates_one_workflow()
    {
        var request = new CreateWorkflowRequest { RequestId = "ensemble-repeat", Spec = TinyStreets.Spec() };
        request.Spec.SkipControls = true;
        var stub = ensemble.Gateway.Stub;
        var token = TestContext.Current.CancellationToken;

        var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
            (await stub.CreateWorkflowAsync(request, cancellationToken: token)).Workflow.Id)).Within();

        Assert.Single(ids.Distinct());
        request.Spec.Seed = 99;
        var error = await Assert.ThrowsAsync<RpcException>(
            () => stub.CreateWorkflowAsync(request, cancellationToken: token).ResponseAsync.Within());
        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        await ensemble.Gateway.WatchAsync(ids[0]);
    }

    private async Task<Workflow> RunAsync(Action<WorkflowSpec> change)
    {
        var spec = TinyStreets.Spec();
        spec.SkipControls = true;
        change(spec);
        return (await ensemble.Gateway.RunAsync(spec)).Workflow;
    }

    private async Task SplitHasAsync(Workflow workflow, int easy, int hard)
    {
        var rank = workflow.Stage(StageKind.Rank);
        Assert.Equal(easy, await CountAsync("easy_split"));
        Assert.Equal(hard, await CountAsync("hard_split"));

        async Task<int> CountAsync(string name) =>
            Encoding.UTF8.GetString(await ensemble.Gateway.DownloadAsync(rank.Outputs[name]))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }
}

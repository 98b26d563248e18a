using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Studies;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Tests.Studies;

public sealed class StudyCommandTests
{
    [Fact]
    public async Task A_sweep_runs_one_workflow_per_seed_and_lambda_with_the_controls_once_per_seed()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();

        var run = await CliRun.Of(
            "sweep", "--lambda", "0,0.5,1.0", "--seed-list", "4,5", "--data-seed", "9", "--quick", "--learning-rate-intra", "0.005",
            "--out", folder["out"], "--json", "--gateway", server.Address);

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        var created = server.Gateway.Created.ToList();
        Assert.Equal(
            [(4UL, 1.0, false), (4UL, 0.5, true), (4UL, 0.0, true), (5UL, 1.0, false), (5UL, 0.5, true), (5UL, 0.0, true)],
            created.Select(request => (request.Spec.Seed, request.Spec.Ranking.Lambda, request.Spec.SkipControls)));
        Assert.All(created, request => Assert.Equal(
            (20, 20, 10, 0.005),
            (request.Spec.SourceOptions.Iterations, request.Spec.InterOptions.Iterations, request.Spec.IntraOptions.Iterations,
                request.Spec.IntraOptions.LearningRate)));
        Assert.All(created, request => Assert.Matches("^[a-z0-9-]{1,64}$", request.RequestId));
        Assert.Equal(6, created.Select(request => request.RequestId).Distinct().Count());

        var rows = run.LastLine["rows"]!.AsArray();
        Assert.Equal(
            ["source-only", "inter", "lambda-0", "lambda-0.5", "lambda-1"], rows.Select(row => (string?)row!["row"]));
        Assert.Equal(46, (double)rows[3]!["measured"]!["mean"]!);
        Assert.Equal(0.5, (double)rows[3]!["over_control"]!["mean"]!);
        Assert.Equal(2, (int)rows[3]!["over_control"]!["ahead"]!);
        Assert.Equal(1.5, (double)rows[3]!["over_inter"]!["mean"]!);
        Assert.Equal((true, 12), ((bool)run.LastLine["reuse"]!["shared_once_per_seed"]!, (int)run.LastLine["reuse"]!["reused"]!));

        var written = JsonNode.Parse(await File.ReadAllTextAsync(folder["out/study.json"], TestContext.Current.CancellationToken))!;
        Assert.True(JsonNode.DeepEquals(rows, written["rows"]));
        Assert.Contains("| lambda 0.5 | 45.2 | 46.00 ± 0.71 |", File.ReadAllText(folder["out/study.md"]), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out/reports/seed-4-lambda-0.5/report.html"]));
        Assert.Empty(Directory.EnumerateFiles(folder["out"], "*.part"));
        Assert.Contains("\"seed\": 9", File.ReadAllText(folder["out/data/seed-9-24-24-12/target/synthetic.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ablation_varies_the_parts_of_step_two_and_nothing_else()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();

        var run = await CliRun.Of(Ablation(folder, server, "--seeds", "1"));

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        var specs = server.Gateway.Created.Select(request => request.Spec).ToList();
        Assert.Equal(
            [
                (0.67, RankingMethod.Entropy, false, false, false),
                (0.67, RankingMethod.Entropy, false, true, true),
                (1.0, RankingMethod.Entropy, false, false, true),
                (0.67, RankingMethod.RareClass, false, false, true),
                (0.67, RankingMethod.Entropy, true, false, true),
                (0.67, RankingMethod.Entropy, false, false, true),
            ],
            specs.Select(s => (s.Ranking.Lambda, s.Ranking.Method, s.KeepSource, s.SkipSelfTraining, s.SkipControls)));
        Assert.Equal(
            [.. Enumerable.Repeat(PseudoLabelPolicy.Argmax, 5), PseudoLabelPolicy.ClassBalanced],
            specs.Select(s => s.PseudoLabels.Policy));
        foreach (var spec in specs)
        {
            Assert.Equal((specs[0].SourceOptions, specs[0].InterOptions, specs[0].IntraOptions), (spec.SourceOptions, spec.InterOptions, spec.IntraOptions));
            Assert.Equal(1UL, spec.Seed);
        }

        var rows = run.LastLine["rows"]!.AsArray().ToDictionary(row => (string)row!["row"]!, row => row!);
        Assert.Equal(2.01 - 1, (double)rows["both"]["over_control"]!["mean"]!, 6);
        Assert.Equal(1.01 - 1, (double)rows["adversary-only"]["over_control"]!["mean"]!, 6);
        Assert.Equal(8, (double)rows["inter"]["over_control"]!["mean"]!, 6);
        Assert.Null(rows["both"]["over_control"]!["sd"]);
    }

    [Fact]
    public async Task Rows_that_are_asked_for_are_measured_beside_the_controls_and_no_others()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();

        var run = await CliRun.Of(Ablation(folder, server, "--seeds", "1", "--rows", "both-source-kept, self-training-only"));

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Equal(
            [(1.0, false, false), (0.67, true, true)],
            server.Gateway.Created.Select(request => (request.Spec.Ranking.Lambda, request.Spec.KeepSource, request.Spec.SkipControls)));
        var rows = run.LastLine["rows"]!.AsArray();
        Assert.Equal(["source-only", "inter", "self-training-only", "both-source-kept"], rows.Select(row => (string?)row!["row"]));
        Assert.All(rows.Skip(1), row => Assert.NotNull(row!["over_control"]!["mean"]));
    }

    [Fact]
    public async Task The_choice_of_pseudo_labels_reaches_every_cell_and_the_table_says_it()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();

        var run = await CliRun.Of(Ablation(
            folder, server, "--seeds", "1", "--rows", "both,both-class-balanced", "--pseudo-labels", "class-balanced", "--class-share", "0.3"));

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Equal(2, server.Gateway.Created.Count);
        Assert.All(server.Gateway.Created, request => Assert.Equal(
            new PseudoLabelOptions { Policy = PseudoLabelPolicy.ClassBalanced, ClassShare = 0.3 }, request.Spec.PseudoLabels));
        Assert.Contains("pseudo-labels class-balanced", File.ReadAllText(folder["out/study.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_row_and_a_study_without_rows_are_refused_before_anything_is_trained()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        server.Gateway.Classes.RareTrainIds.Clear();
        using var folder = new TempFolder();

        var unknown = await CliRun.Of(Ablation(folder, server, "--rows", "both,neither"));
        var empty = await CliRun.Of(Ablation(folder, server, "--seeds", "1", "--rows", "both-rare-class"));

        Assert.Equal(ExitCodes.Usage, unknown.ExitCode);
        Assert.Contains("\"neither\"", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failure, empty.ExitCode);
        Assert.Contains("name no rare ones", empty.Error, StringComparison.Ordinal);
        Assert.Empty(server.Gateway.Created);
    }

    [Fact]
    public async Task Every_setting_of_a_training_reaches_all_cells_and_the_start_of_step_two_is_the_recipes()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();

        var run = await CliRun.Of(Ablation(
            folder, server, "--seeds", "1", "--network", "deeplabv2-resnet50", "--learning-rate-intra", "0.5", "--set", "all.optimizer-mode=published",
            "--set", "intra.momentum=0.8"));

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Equal(AblationPlan.RowNames.Count, server.Gateway.Created.Count);
        Assert.All(server.Gateway.Created, request =>
        {
            var spec = request.Spec;
            Assert.Equal(IntraStart.Unspecified, spec.IntraStart);
            Assert.All(
                new[] { spec.SourceOptions, spec.InterOptions, spec.IntraOptions },
                options => Assert.Equal(OptimizerMode.Published, options.OptimizerMode));
            Assert.Equal((0.5, 0.8), (spec.IntraOptions.LearningRate, spec.IntraOptions.Momentum));
        });
        Assert.Equal(
            ExitCodes.Usage, (await CliRun.Of("sweep", "--set", "all.optimizer-mode=odd", "--gateway", server.Address)).ExitCode);
    }

    [Fact]
    public async Task An_ablation_of_classes_without_rare_ones_leaves_that_row_out_before_anything_is_trained()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        server.Gateway.Classes.RareTrainIds.Clear();
        using var folder = new TempFolder();

        var run = await CliRun.Of(Ablation(folder, server, "--seeds", "1"));

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Contains("both-rare-class is left out", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Gateway.Created, request => request.Spec.Ranking.Method == RankingMethod.RareClass);
        Assert.Equal(AblationPlan.RowNames.Count - 1, server.Gateway.Created.Count);
        Assert.DoesNotContain("both-rare-class", run.LastLine["rows"]!.AsArray().Select(row => (string?)row!["row"]));
        Assert.True((bool)JsonNode.Parse(await File.ReadAllTextAsync(folder["out/study.json"], TestContext.Current.CancellationToken))!["complete"]!);
    }

    [Fact]
    public async Task Run_again_a_study_finds_its_workflows_and_resumes_the_one_that_was_broken_off()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();
        await CliRun.Of(Ablation(folder, server, "--seeds", "1"));
        var broken = server.Gateway.Made.Values.First();
        broken.State = WorkflowState.Cancelled;
        var scene = Directory.EnumerateFiles(folder["out"], "*.png", SearchOption.AllDirectories).First();
        var drawn = File.GetLastWriteTimeUtc(scene);

        var run = await CliRun.Of(Ablation(folder, server, "--seeds", "2"));

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Equal(2 * AblationPlan.RowNames.Count, server.Gateway.Made.Count);
        Assert.Equal([broken.Id], server.Gateway.Resumed);
        // A running workflow may be reading the scenes, so they stay as they are.
        Assert.Equal(drawn, File.GetLastWriteTimeUtc(scene));

        // Results of other builds are not passed off as this one's.
        server.Gateway.Build = "1.0.1+fake";
        await CliRun.Of(Ablation(folder, server, "--seeds", "2"));
        Assert.Equal(4 * AblationPlan.RowNames.Count, server.Gateway.Made.Count);
    }

    [Fact]
    public async Task A_workflow_that_fails_stops_the_study_and_what_is_finished_stays_readable()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        var measure = server.Gateway.OnCreate!;
        server.Gateway.OnCreate = request =>
        {
            var workflow = measure(request);
            workflow.State = request.Spec.SkipSelfTraining ? WorkflowState.Pending : workflow.State;
            return workflow;
        };
        server.Gateway.Events.Add(new WatchWorkflowResponse { Sequence = 1, Workflow = new Workflow { State = WorkflowState.Failed } });
        server.Gateway.OnWatch = id => server.Gateway.Made.Values.Single(made => made.Id == id).State = WorkflowState.Failed;
        using var folder = new TempFolder();

        var run = await CliRun.Of(Ablation(folder, server, "--seeds", "1"));

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains("the same command line goes on with what is left", run.Error, StringComparison.Ordinal);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(folder["out/study.json"], TestContext.Current.CancellationToken))!;
        Assert.False((bool)written["complete"]!);
        Assert.Single(written["cells"]!.AsArray());
    }

    [Fact]
    public async Task A_users_folders_take_the_place_of_the_synthetic_pair_and_the_recipes_lengths()
    {
        await using var server = await GatewayFixture.StartAsync();
        StudyWorld.Measure(server.Gateway);
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["a"]);
        Directory.CreateDirectory(folder["b"]);

        var run = await CliRun.Of(
            "sweep", "--source", folder["a"], "--target", folder["b"], "--layout", "camvid", "--lambda", "0.67", "--seeds", "1",
            "--out", folder["out"], "--gateway", server.Address);

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        var spec = Assert.Single(server.Gateway.Created).Spec;
        Assert.False(spec.InterOptions.HasIterations);
        Assert.Equal(folder["a"], server.Gateway.Datasets[spec.Source].Directory.Path);
        Assert.True(server.Gateway.Datasets[spec.Target].Directory.IgnoreLabels);
        Assert.False(Directory.Exists(folder["out/data"]));
        Assert.Contains("lambda 0.67", run.Out, StringComparison.Ordinal);
        Assert.Contains("46.3", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sweep --lambda 0.5,1.5", "--lambda takes numbers of 0..1 with commas between them, but has \"1.5\".")]
    [InlineData("sweep --lambda 0.5,NaN", "but has \"NaN\".")]
    [InlineData("sweep --lambda 1,1.0", "--lambda names 1.0 twice.")]
    [InlineData("sweep --seeds 2 --seed-list 1,2", "--seeds and --seed-list say the same")]
    [InlineData("sweep --seed-list 1,x", "--seed-list takes numbers")]
    [InlineData("sweep --source a", "--source and --target belong together")]
    [InlineData("ablation --source a --target b --data-seed 2", "--data-seed is about the synthetic pair")]
    [InlineData("ablation --lambda 1", "--lambda must lie in 0.01..0.99, but is 1")]
    public async Task What_cannot_be_understood_is_named(string line, string message)
    {
        var run = await CliRun.Of(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static string[] Ablation(TempFolder folder, GatewayFixture server, params string[] more) =>
        ["ablation", "--quick", "--out", folder["out"], "--json", "--gateway", server.Address, .. more];
}

using IntraDA.Cli.Composition;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Images;

namespace IntraDA.Cli.Tests.Commands;

public sealed class AdaptCommandTests
{
    private const string Report = """{"miou":{"source_only":1.5,"inter":2,"intra":3,"controls":{}},"ranking":{"auc_difficulty":0.5,"spearman_error":0.25}}""";

    [Fact]
    public async Task Folders_are_registered_in_place_choices_reach_the_spec_and_the_last_line_holds_the_figures()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["source"]);
        Directory.CreateDirectory(folder["target"]);
        File.WriteAllText(folder["target/val.txt"], "a\n");

        var run = await CliRun.Of(
            "adapt", "--source", folder["source"], "--target", folder["target"], "--validation-list", "val.txt", "--layout", "camvid",
            "--out", folder["out"], "--lambda", "0.5", "--pseudo-labels", "class-balanced", "--class-share", "0.25", "--method", "minent",
            "--intra-method", "source-only", "--keep-source", "--iterations-inter", "7",
            "--set", "all.optimizer-mode=published", "--set", "inter.learning-rate=0.01", "--set", "inter.unlabelled-size=32x24", "--set", "intra.flip=true",
            "--skip-self-training", "--width", "64", "--height", "48", "--seed", "9",
            "--no-cache", "--json", "--gateway", server.Address);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var spec = Assert.Single(server.Gateway.Created).Spec;
        Assert.Equal(0.5, spec.Ranking.Lambda);
        Assert.Equal(PseudoLabelPolicy.ClassBalanced, spec.PseudoLabels.Policy);
        Assert.Equal(0.25, spec.PseudoLabels.ClassShare);
        Assert.Equal(AdaptationMethod.Minent, spec.InterOptions.Method);
        Assert.Equal(AdaptationMethod.SourceOnly, spec.IntraOptions.Method);
        Assert.Equal(7, spec.InterOptions.Iterations);
        Assert.All(
            new[] { spec.SourceOptions, spec.InterOptions, spec.IntraOptions }, o => Assert.Equal(OptimizerMode.Published, o.OptimizerMode));
        Assert.Equal(0.01, spec.InterOptions.LearningRate);
        Assert.False(spec.IntraOptions.HasLearningRate);
        Assert.Equal((32, 24), (spec.InterOptions.UnlabelledSize.Width, spec.InterOptions.UnlabelledSize.Height));
        Assert.True(spec.IntraOptions.Flip && spec.SkipSelfTraining);
        Assert.False(spec.IntraOptions.HasIterations);
        Assert.Equal(64, spec.SourceOptions.LabelledSize.Width);
        Assert.True(spec.KeepSource && spec.SkipCache && !spec.SkipControls);
        Assert.Equal(9UL, spec.Seed);

        var target = server.Gateway.Datasets[spec.Target].Directory;
        Assert.True(target.IgnoreLabels);
        Assert.Equal(folder["target"], target.Path);
        var validation = server.Gateway.Datasets[spec.Validation].Directory;
        Assert.Equal((folder["target"], "val.txt", false), (validation.Path, validation.List, validation.IgnoreLabels));

        Assert.Equal("wf-1", (string?)run.LastLine["workflow"]);
        Assert.Equal(3, (double)run.LastLine["miou"]!["intra"]!);
        Assert.True(File.Exists(folder["out/report.json"]));
    }

    [Theory]
    [InlineData("inter", "STAGE.FIELD=VALUE")]
    [InlineData("inter.learning-rate=", "STAGE.FIELD=VALUE")]
    [InlineData("rank.learning-rate=1", "'rank' is not a stage")]
    [InlineData("inter.speed=1", "lambda-target-main")]
    [InlineData("inter.learning-rate=fast", "it is a number")]
    [InlineData("inter.learning-rate=NaN", "it is a number")]
    [InlineData("all.iterations=1.5", "whole number")]
    [InlineData("all.optimizer-mode=odd", "use clean, published")]
    [InlineData("all.labelled-size=64", "WIDTHxHEIGHT")]
    public async Task A_setting_that_is_none_is_refused_with_what_could_stand_there(string setting, string expected)
    {
        using var folder = new TempFolder();
        var run = await CliRun.Of(
            "adapt", "--source", folder.Path, "--target", folder.Path, "--layout", "plain", "--out", folder["out"], "--set", setting);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_checked_by_the_gateway_before_a_data_set_is_read()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();

        var run = await CliRun.Of(
            "adapt", "--source", folder.Path, "--target", folder.Path, "--layout", "plain", "--out", folder["out"], "--network", "unknown",
            "--gateway", server.Address);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Equal(("", "", ""), (server.Gateway.Checked.Single().Source, server.Gateway.Checked.Single().Target, server.Gateway.Checked.Single().Validation));
        Assert.Empty(server.Gateway.Datasets);
        Assert.Empty(server.Gateway.Created);
    }

    [Fact]
    public async Task A_target_without_labels_is_adapted_to_without_a_validation_set_and_that_is_said()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);
        using var folder = new TempFolder();
        Photograph(folder, "target/images/a.png");

        var run = await CliRun.Of(
            "adapt", "--source", folder.Path, "--target", folder["target"], "--layout", "plain", "--out", folder["out"], "--gateway", server.Address);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal("", Assert.Single(server.Gateway.Created).Spec.Validation);
        Assert.Equal(2, server.Gateway.Datasets.Count);
        Assert.Contains("not measured", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Figures_of_images_that_training_sees_are_announced()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.SucceedWith(Report);
        using var folder = new TempFolder();
        Photograph(folder, "target/images/a.png");
        Photograph(folder, "target/labels/a.png");
        string[] line =
        [
            "adapt", "--source", folder.Path, "--target", folder["target"], "--layout", "plain", "--out", folder["out"], "--gateway", server.Address,
        ];

        var silent = await CliRun.Of(line);
        var named = await CliRun.Of([.. line, "--validation", folder["target"]]);

        Assert.NotEqual("", server.Gateway.Created.First().Spec.Validation);
        Assert.Contains("no --validation is named", silent.Error, StringComparison.Ordinal);
        Assert.Contains("images that training sees", silent.Error, StringComparison.Ordinal);
        Assert.Empty(named.Error);
    }

    [Fact]
    public async Task Detached_the_id_comes_back_at_once()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();

        var run = await CliRun.Of(
            "adapt", "--source", folder.Path, "--target", folder.Path, "--layout", "plain", "--out", folder["out"], "--detach", "--json",
            "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("wf-1", (string?)run.LastLine["workflow"]);
        Assert.Empty(server.Gateway.WatchedAfter);
    }

    [Fact]
    public async Task Violations_of_the_gateway_are_printed_one_a_line()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();

        var run = await CliRun.Of(
            "adapt", "--source", folder.Path, "--target", folder.Path, "--layout", "plain", "--out", folder["out"], "--network", "unknown",
            "--gateway", server.Address);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Equal(
            ["intrada: the workflow cannot be created (INVALID_ARGUMENT)", "  spec.architecture: is \"unknown\"; use compact"],
            run.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_missing_folder_is_named_before_any_service_is_asked()
    {
        using var folder = new TempFolder();

        var run = await CliRun.Of(
            "adapt", "--source", folder["gone"], "--target", folder.Path, "--layout", "plain", "--out", folder["out"], "--gateway", "127.0.0.1:1");

        Assert.Equal($"intrada: --source {folder["gone"]} is not there; check the path of the folder", run.Error.Trim());
    }

    [Fact]
    public async Task An_evaluation_is_in_percent_and_a_class_that_does_not_occur_is_null()
    {
        await using var server = await GatewayFixture.StartAsync();

        var run = await CliRun.Of("evaluate", "--workflow", "wf-1", "--dataset", "d", "--json", "--gateway", server.Address);

        Assert.Equal(50, (double)run.LastLine["miou"]!);
        Assert.Equal(50, (double)run.LastLine["iou"]!["road"]!);
        Assert.Null(run.LastLine["iou"]!["car"]);
    }

    [Fact]
    public async Task Rare_classes_are_those_given_those_of_the_workflow_or_those_of_its_target()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.Gateway.Workflow.Spec = new Contracts.Gateway.V1.WorkflowSpec { Target = "streets" };
        var scores = new Contracts.Gateway.V1.Stage { Kind = Contracts.Gateway.V1.StageKind.Score };
        scores.Outputs["score_table"] = server.Gateway.Put("scores/t", [1], "application/vnd.apache.parquet");
        server.Gateway.Workflow.Stages.Add(scores);
        string[] line = ["rank", "--workflow", "wf-1", "--ranking", "rare-class", "--lambda", "0.5", "--gateway", server.Address];

        Assert.Equal(0, (await CliRun.Of(line)).ExitCode);
        server.Gateway.Workflow.Spec.Ranking = new RankingOptions { RareTrainIds = { 4 } };
        Assert.Equal(0, (await CliRun.Of(line)).ExitCode);
        Assert.Equal(0, (await CliRun.Of([.. line, "--rare", "5,6"])).ExitCode);
        Assert.Equal(
            0,
            (await CliRun.Of("rank", "--score-table", "scores/t", "--ranking", "rare-class", "--dataset", "mine", "--lambda", "0.5", "--gateway", server.Address)).ExitCode);

        Assert.Equal(
            [("streets", ""), ("streets", "4"), ("streets", "5 6"), ("mine", "")],
            server.Gateway.Ranked.Select(request => (request.Dataset, string.Join(' ', request.Options.RareTrainIds))));
        Assert.All(server.Gateway.Ranked, request => Assert.Equal(RankingMethod.RareClass, request.Options.Method));
    }

    [Fact]
    public async Task A_ranking_fetches_the_lists()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();

        var run = await CliRun.Of(
            "rank", "--score-table", "scores/t", "--lambda", "0.3", "--out", folder["split"], "--json", "--gateway", server.Address);

        Assert.Equal((3, 7), ((int)run.LastLine["easy"]!, (int)run.LastLine["hard"]!));
        Assert.Equal("b\n", File.ReadAllText(folder["split/hard_split.txt"]));
    }

    private static void Photograph(TempFolder folder, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllBytes(folder[path], ImageEncoder.EncodeGrayPng(4, 2, new byte[8]));
        File.WriteAllText(folder["target/classes.json"], """{"names": ["road", "car"]}""");
    }
}

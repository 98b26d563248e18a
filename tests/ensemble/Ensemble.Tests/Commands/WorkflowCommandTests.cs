using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Commands;

/// <summary>The commands that look at workflows and work with their networks.</summary>
public sealed class WorkflowCommandTests(RunningEnsemble ensemble)
{
    [Fact]
    public async Task Workflows_are_listed_shown_and_watched()
    {
        var id = (await ensemble.PlainAsync()).Id;

        var list = (await ensemble.Cli.RunAsync("workflows", "list", "--limit", "500", "--json")).Succeeded();
        Assert.Contains(list.Result["workflows"]!.AsArray(), one => one!["workflow"]!.GetValue<string>() == id);

        var show = (await ensemble.Cli.RunAsync("workflows", "show", id, "--json")).Succeeded();
        Assert.Equal("succeeded", show.Result["state"]!.GetValue<string>());
        Assert.Equal(11, show.Result["stages"]!.AsArray().Count);

        var watch = (await ensemble.Cli.RunAsync("workflows", "watch", id, "--json")).Succeeded();
        Assert.Contains(watch.Lines, line => line["event"]?.GetValue<string>() == "stage" && line["stage"]!.GetValue<string>() == "intra");
        Assert.Equal("succeeded", watch.Result["state"]!.GetValue<string>());

        (await ensemble.Cli.RunAsync("workflows", "show", id)).Succeeded();
        (await ensemble.Cli.RunAsync("workflows", "resume", id, "--json")).RefusedWith(1, "FAILED_PRECONDITION", "has succeeded");
        (await ensemble.Cli.RunAsync("workflows", "show", "wf-0000000000000000", "--json")).RefusedWith(1, "NOT_FOUND");
    }

    [Fact]
    public async Task A_data_set_is_scored_and_the_scores_are_ranked()
    {
        using var folder = new TempFolder();
        var id = (await ensemble.PlainAsync()).Id;

        var score = (await ensemble.Cli.RunAsync(
            "score", "--workflow", id, "--dataset", "validation", "--out", folder["scores.parquet"], "--json")).Succeeded();
        Assert.Equal(TinyStreets.ValidationImages, score.Result["images"]!.GetValue<int>());
        Assert.True(new FileInfo(folder["scores.parquet"]).Length > 0);

        var rank = (await ensemble.Cli.RunAsync(
            "rank", "--score-table", score.Result["score_table"]!.GetValue<string>(), "--lambda", "0.5", "--out", folder["split"], "--json"))
            .Succeeded();
        Assert.Equal(4, rank.Result["easy"]!.GetValue<int>());
        Assert.Equal(4, rank.Result["hard"]!.GetValue<int>());
        var easy = await File.ReadAllLinesAsync(folder["split", "easy_split.txt"], TestContext.Current.CancellationToken);
        var hard = await File.ReadAllLinesAsync(folder["split", "hard_split.txt"], TestContext.Current.CancellationToken);
        Assert.Equal(
            ensemble.Images.Select(path => Path.GetFileNameWithoutExtension(path)),
            easy.Concat(hard).Select(id => Path.GetFileNameWithoutExtension(id)).Order());

        var target = (await ensemble.Cli.RunAsync("rank", "--workflow", id, "--ranking", "entropy", "--json")).Succeeded();
        Assert.Equal(TinyStreets.TargetImages, target.Result["easy"]!.GetValue<int>() + target.Result["hard"]!.GetValue<int>());
        var rare = (await ensemble.Cli.RunAsync("rank", "--workflow", id, "--ranking", "rare-class", "--json")).Succeeded();
        Assert.NotEqual(target.Result["ranking"]!.GetValue<string>(), rare.Result["ranking"]!.GetValue<string>());
        (await ensemble.Cli.RunAsync(
            "rank", "--score-table", score.Result["score_table"]!.GetValue<string>(), "--ranking", "rare-class", "--dataset", "validation", "--json"))
            .Succeeded();
        (await ensemble.Cli.RunAsync("rank", "--workflow", id, "--ranking", "rare-class", "--rare", "99", "--json")).RefusedWith(1, "rare_train_ids", "0..10");
    }

    [Fact]
    public async Task An_evaluation_repeats_the_figure_of_the_report()
    {
        var workflow = await ensemble.PlainAsync();
        var report = await ensemble.Gateway.ReportAsync(workflow);

        var evaluate = (await ensemble.Cli.RunAsync(
            "evaluate", "--workflow", workflow.Id, "--stage", "inter", "--dataset", "validation", "--json")).Succeeded();

        Assert.Equal(report["miou"]!["inter"]!.GetValue<double>(), evaluate.Result["miou"]!.GetValue<double>(), 0.01);
        Assert.Equal(11, evaluate.Result["iou"]!.AsObject().Count);
        var named = (await ensemble.Cli.RunAsync(
            "evaluate", "--checkpoint", workflow.Stage(StageKind.Inter).Outputs["weights"].Key, "--dataset", "validation", "--json"))
            .Succeeded();
        Assert.Equal(evaluate.Result.ToJsonString(), named.Result.ToJsonString());
        (await ensemble.Cli.RunAsync("evaluate", "--checkpoint", "no/such/key", "--dataset", "validation", "--json"))
            .RefusedWith(1, "no/such/key", "NOT_FOUND");
        (await ensemble.Cli.RunAsync("evaluate", "--workflow", workflow.Id, "--dataset", "target", "--json"))
            .RefusedWith(1, "target", "label");
    }

    [Fact]
    public async Task A_split_its_pseudo_labels_and_a_network_go_out_and_come_back_and_step_two_is_the_same()
    {
        using var folder = new TempFolder();
        var plain = await ensemble.PlainAsync();
        (await ensemble.Cli.RunAsync("export", "--workflow", plain.Id, "--stage", "inter", "--out", folder["inter.safetensors"])).Succeeded();
        var export = (await ensemble.Cli.RunAsync(
            "export", "--workflow", plain.Id, "--what", "pseudo-labels", "--out", folder["masks"], "--json")).Succeeded();
        var easy = await File.ReadAllLinesAsync(folder["masks", "easy_split.txt"], TestContext.Current.CancellationToken);
        Assert.Equal(easy.Length, export.Result["labels"]!.GetValue<int>());
        Assert.Equal((2 * easy.Length) + 2, Directory.GetFiles(folder["masks"]).Length);

        var adapt = (await ensemble.Cli.RunAsync(
            "adapt", "--source", ensemble.Folder("source"), "--target", ensemble.Folder("target"), "--validation", ensemble.Folder("validation"),
            "--layout", "plain", "--initial-weights", folder["inter.safetensors"], "--iterations-inter", "0", "--iterations-intra", "3",
            "--batch-size", "2", "--width", $"{TinyStreets.Width}", "--height", $"{TinyStreets.Height}", "--seed", "1", "--skip-controls",
            "--easy-split", folder["masks", "easy_split.txt"], "--hard-split", folder["masks", "hard_split.txt"],
            "--pseudo-labels-from", folder["masks"], "--out", folder["report"], "--json")).Succeeded();

        var again = await ensemble.Gateway.GetAsync(adapt.Result["workflow"]!.GetValue<string>());
        Assert.Equal(plain.Weights(StageKind.Intra), again.Weights(StageKind.Intra));
        Assert.Equal(
            [StageKind.Source, StageKind.Inter, StageKind.Score, StageKind.Rank],
            again.Stages.Where(stage => stage.State == WorkflowState.Skipped).Select(stage => stage.Kind).Take(4));
        var report = await ensemble.Gateway.ReportAsync(plain);
        Assert.Equal(report["miou"]!["inter"]!.GetValue<double>(), adapt.Result["miou"]!["inter"]!.GetValue<double>(), 0.001);
        Assert.Null(adapt.Result["miou"]!["source_only"]);
    }

    [Fact]
    public async Task A_network_in_a_file_is_evaluated_as_the_one_in_the_store()
    {
        using var folder = new TempFolder();
        var id = (await ensemble.PlainAsync()).Id;
        string[] evaluate = ["evaluate", "--dataset", "validation", "--json"];
        var stored = (await ensemble.Cli.RunAsync([.. evaluate, "--workflow", id, "--stage", "inter"])).Succeeded().Result.ToJsonString();

        (await ensemble.Cli.RunAsync("export", "--workflow", id, "--stage", "inter", "--out", folder["inter.safetensors"])).Succeeded();
        (await ensemble.Cli.RunAsync("export", "--workflow", id, "--stage", "inter", "--out", folder["inter.pth"])).Succeeded();
        var file = (await ensemble.Cli.RunAsync([.. evaluate, "--checkpoint", folder["inter.safetensors"]])).Succeeded();
        var import = (await ensemble.Cli.RunAsync(
            "import", folder["inter.pth"], "--architecture", "compact", "--classes", Path.Combine(ensemble.Folder("source"), "classes.json"),
            "--width", $"{TinyStreets.Width}", "--height", $"{TinyStreets.Height}", "--store", "--json")).Succeeded();
        var key = (await ensemble.Cli.RunAsync([.. evaluate, "--checkpoint", import.Result["stored"]!.GetValue<string>()])).Succeeded();

        Assert.Equal(stored, file.Result.ToJsonString());
        Assert.Equal(stored, key.Result.ToJsonString());
    }

    [Fact]
    public async Task Pushed_folders_are_adapted_by_their_names()
    {
        using var folder = new TempFolder();
        var names = new List<string>();
        foreach (var role in new[] { "source", "target", "validation" })
        {
            var name = $"pushed-{role}";
            string[] unlabelled = role == "target" ? ["--ignore-labels"] : [];
            var push = (await ensemble.Cli.RunAsync(
                ["data", "push", ensemble.Folder(role), "--layout", "plain", "--name", name, .. unlabelled, "--json"])).Succeeded();
            Assert.Equal(name, push.Result["dataset"]!.GetValue<string>());
            names.Add(name);
        }

        var list = (await ensemble.Cli.RunAsync("data", "list", "--json")).Succeeded();
        var registered = list.Result["datasets"]!.AsArray().Select(one => one!["dataset"]!.GetValue<string>()).ToList();
        Assert.All(names, name => Assert.Contains(name, registered));

        // By name through the contract: what lies in the store only must do for every stage.
        var spec = TinyStreets.Spec();
        (spec.Source, spec.Target, spec.Validation) = (names[0], names[1], names[2]);
        spec.SkipControls = true;
        var (workflow, _) = await ensemble.Gateway.RunAsync(spec);
        var plain = await ensemble.PlainAsync();
        Assert.Equal(
            plain.Weights(StageKind.Intra), workflow.Weights(StageKind.Intra));
    }
}

using System.Text.Json.Nodes;
using IntraDA.Cli.Studies;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Cli.Tests.Studies;

public sealed class StudyResultTests
{
    private static readonly StudyData Data = new(
        new[] { "source", "target", "validation" }.ToDictionary(role => role, role => new Dataset { Name = role, Images = 3 }), DataSeed: 7);

    [Fact]
    public void The_sweep_stands_beside_the_papers_table_with_differences_to_inter_and_to_the_control()
    {
        var result = Sweep();
        var rows = result.Rows.Select(StudyTable.Cells).ToList();

        Assert.Equal(["setting", "paper", "measured", "control", "over control", "ahead", "over inter", "each seed"], StudyTable.Headers);
        Assert.Equal(["source-only", "36.6", "31.00 ± 1.41", "-", "-", "-", "-", "30.00 / 32.00"], rows[0]);
        Assert.Equal(["inter (AdvEnt)", "43.8", "41.00 ± 1.41", "33.00 ± 0.00", "+8.00 ± 1.41", "2/2", "-", "40.00 / 42.00"], rows[1]);
        Assert.Equal(["lambda 0 (no step two)", "43.8", "41.00 ± 1.41", "-", "-", "-", "0.00 ± 0.00", "40.00 / 42.00"], rows[2]);
        Assert.Equal(["lambda 0.67", "46.3", "42.50 ± 0.71", "41.50 ± 2.12", "+1.00 ± 1.41", "1/2", "+1.50 ± 0.71", "42.00 / 43.00"], rows[3]);
        Assert.True(result.Complete);
    }

    [Fact]
    public void A_lambda_that_the_paper_lacks_and_cells_that_are_not_finished_leave_a_dash()
    {
        var plan = SweepPlan.Of([0.3, 0.67]);
        var result = new StudyResult(plan, [1, 2], [Cell("lambda-0.67", 1, 42, controls: true)]);

        Assert.Equal(["lambda 0.3", "-", "-", "40.00", "-", "0/0", "-", "-"], StudyTable.Cells(result.Rows[2]));
        Assert.Equal("42.00", StudyTable.Cells(result.Rows[3])[2]);
        Assert.False(result.Complete);
        Assert.Contains("Not complete: 1 of 4 cells are finished.", StudyMarkdown.Of(result, Data), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ablation_has_the_papers_rows_in_its_order()
    {
        var plan = AblationPlan.Of(0.67);

        Assert.Equal(
            [
                ("source-only", 36.6), ("inter", 43.8), ("adversary-only", 45.1), ("self-training-only", 45.5), ("both", 46.3),
                ("both-rare-class", 47.0), ("both-source-kept", (double?)null), ("both-class-balanced", null),
            ],
            plan.Rows.Select(row => (row.Key, row.Paper)));
        Assert.Equal(
            [null, "source_continued", .. Enumerable.Repeat("inter_continued", 6)],
            plan.Rows.Select(row => row.Control));
        // Every row finds its cell.
        Assert.All(plan.Rows, row => Assert.True(row.Cell is null || plan.Variants.Any(variant => variant.Name == row.Cell), row.Key));
    }

    [Fact]
    public void Markdown_has_a_line_for_each_row_and_says_what_the_figures_are()
    {
        var lines = StudyMarkdown.Of(Sweep(), Data).Split('\n');

        Assert.Equal("# Share of easy images (lambda)", lines[0]);
        Assert.Equal("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", lines[3]);
        Assert.Equal("| lambda 0.67 | 46.3 | 42.50 ± 0.71 | 41.50 ± 2.12 | +1.00 ± 1.41 | 1/2 | +1.50 ± 0.71 | 42.00 / 43.00 |", lines[7]);
        Assert.Contains("- Training seeds 1, 2; synthetic pair of data seed 7: 3 source, 3 target and 3 validation images.", lines);
    }

    [Fact]
    public void Json_holds_every_raw_value()
    {
        var json = StudyJson.Of(Sweep(), Data, TimeSpan.FromSeconds(12.34));

        Assert.Equal("intrada.study/1", (string?)json["format"]);
        Assert.Equal(("sweep", true, 12.3), ((string?)json["study"], (bool)json["complete"]!, (double)json["seconds"]!));
        Assert.Equal(7UL, (ulong)json["data"]!["data_seed"]!);
        var row = json["rows"]![3]!;
        Assert.Equal("lambda-0.67", (string?)row["row"]);
        Assert.Equal(0.67, (double)row["lambda"]!);
        Assert.Equal(43, (double)row["measured"]!["by_seed"]!["2"]!);
        Assert.Equal("inter_continued", (string?)row["control"]!["network"]);
        Assert.Equal(2, (double)row["over_control"]!["by_seed"]!["1"]!);
        Assert.Equal((1, 2), ((int)row["over_control"]!["ahead"]!, (int)row["over_control"]!["n"]!));
        Assert.Equal(0.707107, (double)row["over_inter"]!["sd"]!);
        Assert.True((bool)json["rows"]![2]!["intra_skipped"]!);
        Assert.Null(json["rows"]![2]!["control"]);
        Assert.Equal(4, json["cells"]!.AsArray().Count);
        Assert.Equal(40, (double)json["cells"]![0]!["miou"]!["inter"]!);
        // It must be one line that parses again.
        Assert.NotNull(JsonNode.Parse(json.ToJsonString()));
    }

    [Fact]
    public void Rows_that_are_one_training_are_named()
    {
        var cells = new[] { ("both", "k1"), ("both-rare-class", "k1"), ("adversary-only", "k2") }.Select(pair =>
        {
            var cell = Cell(pair.Item1, 1, 42, controls: true, (StageKind.Intra, pair.Item1 == "both-rare-class"));
            cell.Workflow.Stages[0].Key = pair.Item2;
            return cell;
        });
        var notes = StudyTable.Notes(new StudyResult(AblationPlan.Of(0.67), [1], [.. cells]), Data);

        Assert.Single(notes, "Seed 1: both and both-rare-class came to the same split, so their step two is one and the same training.");
    }

    [Fact]
    public void Reuse_is_counted_by_stage_and_a_shared_stage_that_ran_twice_for_a_seed_is_named()
    {
        var first = Cell("lambda-0.67", 1, 42, controls: true, (StageKind.Source, false), (StageKind.Inter, false), (StageKind.Intra, false));
        var second = Cell("lambda-0", 1, null, controls: false, (StageKind.Source, true), (StageKind.Inter, true), (StageKind.Intra, false));
        var other = Cell("lambda-0.67", 2, 42, controls: true, (StageKind.Source, false), (StageKind.Inter, false));
        var good = StudyReuse.Of([first, second, other]);
        Assert.Equal((8, 2), (good.Total, good.Reused));
        Assert.Equal([(StageKind.Source, 3, 1), (StageKind.Inter, 3, 1), (StageKind.Intra, 2, 0)], good.Stages.Select(s => (s.Stage, s.Cells, s.Reused)));
        Assert.Empty(good.RepeatedStages);
        Assert.Equal("2 of 8 stages were reused; source, inter and score ran at most once per seed.", good.Sentence);

        var again = Cell("lambda-0", 1, null, controls: false, (StageKind.Source, true), (StageKind.Inter, false));
        var bad = StudyReuse.Of([first, again, other]);
        Assert.Equal([StageKind.Inter], bad.RepeatedStages);
        Assert.Contains("inter ran more than once for a seed", bad.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_need_confidences_share_a_scoring_of_their_own()
    {
        var plain = Cell("both", 1, 42, controls: true, (StageKind.Score, false));
        var balanced = Cell("both-class-balanced", 1, 42, controls: false, (StageKind.Score, false));
        balanced.Workflow.Spec = new WorkflowSpec { PseudoLabels = new PseudoLabelOptions { Policy = PseudoLabelPolicy.ClassBalanced } };

        var reuse = StudyReuse.Of([plain, balanced]);
        Assert.Empty(reuse.RepeatedStages);
        Assert.EndsWith("at most once per seed, score once more for labels chosen by confidence.", reuse.Sentence, StringComparison.Ordinal);
        Assert.Equal([StageKind.Score], StudyReuse.Of([plain, balanced, balanced]).RepeatedStages);
    }

    private static StudyResult Sweep()
    {
        CellResult[] cells =
        [
            Cell("lambda-0.67", 1, 42, controls: true),
            Cell("lambda-0", 1, null, controls: false),
            Cell("lambda-0.67", 2, 43, controls: true),
            Cell("lambda-0", 2, null, controls: false),
        ];
        return new StudyResult(SweepPlan.Of([0, 0.67]), [1, 2], cells);
    }

    // Seed 1: source 30, inter 40; seed 2: source 32, inter 42. Controls: 32 and 34 would tell nothing of n - 1, so 33 twice; 40 and 43.
    private static CellResult Cell(string name, ulong seed, double? intra, bool controls, params (StageKind Kind, bool Reused)[] stages)
    {
        var miou = new Dictionary<string, double> { ["source_only"] = seed == 1 ? 30 : 32, ["inter"] = seed == 1 ? 40 : 42 };
        if (intra is { } value)
        {
            miou["intra"] = value;
        }

        if (controls)
        {
            miou["source_continued"] = 33;
            miou["inter_continued"] = seed == 1 ? 40 : 43;
        }

        var workflow = new Workflow { Id = $"wf-{name}-{seed}", State = WorkflowState.Succeeded };
        workflow.Stages.AddRange(stages.Select(stage => new Stage { Kind = stage.Kind, State = WorkflowState.Succeeded, Reused = stage.Reused }));
        return new CellResult(name, seed, workflow, miou);
    }
}

using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Reporting.Tests.Samples;

namespace IntraDA.Gateway.Reporting.Tests;

public sealed class ReportBuilderTests
{
    private static readonly SampleOptions Small = new() { TargetImages = 60, ValidationImages = 12, Width = 64 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_full_workflow_has_every_section_and_stays_under_three_megabytes()
    {
        var report = await BuildAsync(new SampleOptions());
        var ids = Parse(report).Descendants("section").Select(s => (string?)s.Attribute("id"));
        Assert.Equal(["summary", "classes", "split", "trust", "gallery", "curves", "lineage"], ids);
        Assert.InRange(report.Html.Length, 10_000, 3_000_000);

        await ShowAsync(report, "report");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_ranking_that_is_upside_down_and_a_step_that_lost_are_said_plainly()
    {
        var report = await BuildAsync(new SampleOptions
        {
            TargetImages = 120, ValidationImages = 30, HardShift = -0.006, IntraMiou = 0.43, BestOnValidation = true,
        });
        Parse(report);
        using var json = JsonDocument.Parse(report.Json);
        Assert.InRange(json.RootElement.GetProperty("ranking").GetProperty("auc_difficulty").GetDouble(), 0, 0.45);
        Assert.InRange(json.RootElement.GetProperty("gains").GetProperty("intra_over_inter_continued").GetDouble(), -4, -3);
        Assert.Contains(Notes(json), n => n.StartsWith("The ranking calls hard images easy", StringComparison.Ordinal));
        Assert.Contains(Notes(json), n => n.Contains("labels leaked", StringComparison.Ordinal));
        var verdict = json.RootElement.GetProperty("verdict").EnumerateArray().Select(v => v.GetString()!).ToArray();
        Assert.Contains(verdict, v => v.StartsWith("The intra step lost 3.3 points", StringComparison.Ordinal));
        await ShowAsync(report, "adverse");
    }

    [Fact(Timeout = 120_000)]
    public async Task The_json_has_its_documented_keys()
    {
        using var json = JsonDocument.Parse((await BuildAsync(Small)).Json);
        var root = json.RootElement;
        string[] keys =
        [
            "format", "workflow", "title", "seed", "created", "seconds", "verdict", "miou", "gains", "miou_13", "pixel_accuracy", "per_class",
            "ranking", "pseudo_labels", "curves", "data", "stages", "lineage", "options", "notes",
        ];
        Assert.Equal(keys, root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("wf-7f3a9c", root.GetProperty("workflow").GetString());
        Assert.Equal(7, root.GetProperty("seed").GetInt32());
        Assert.Equal("2026-03-01T09:00:00Z", root.GetProperty("created").GetString());
        Assert.Equal(432, root.GetProperty("seconds").GetDouble());
        var miou = root.GetProperty("miou");
        Assert.Equal(34.8, miou.GetProperty("source_only").GetDouble(), 4);
        Assert.Equal(44.1, miou.GetProperty("inter").GetDouble(), 4);
        Assert.Equal(48.4, miou.GetProperty("intra").GetDouble(), 4);
        Assert.Equal(35.8, miou.GetProperty("controls").GetProperty("source_continued").GetDouble(), 4);
        Assert.Equal(37.1, miou.GetProperty("controls").GetProperty("source_renormalized").GetDouble(), 4);
        Assert.Equal(46.3, miou.GetProperty("controls").GetProperty("inter_continued").GetDouble(), 4);
        Assert.Equal(8.3, root.GetProperty("gains").GetProperty("inter_over_source_continued").GetDouble(), 4);
        Assert.Equal(4.3, root.GetProperty("gains").GetProperty("intra_over_inter").GetDouble(), 4);
        Assert.Equal(2.1, root.GetProperty("gains").GetProperty("intra_over_inter_continued").GetDouble(), 4);
        var absent = root.GetProperty("per_class")[9];
        Assert.Equal("bicyclist", absent.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, absent.GetProperty("iou").GetProperty("inter").ValueKind);
        var ranking = root.GetProperty("ranking");
        Assert.Equal(40, ranking.GetProperty("easy").GetInt32());
        Assert.Equal(20, ranking.GetProperty("hard").GetInt32());
        Assert.InRange(ranking.GetProperty("auc_difficulty").GetDouble(), 0.5, 1);
        Assert.InRange(ranking.GetProperty("spearman_error").GetDouble(), 0, 1);
        Assert.Equal(12, ranking.GetProperty("risk_coverage").GetArrayLength());
        Assert.Equal(20, ranking.GetProperty("conditions").EnumerateArray().Sum(c => c.GetProperty("in_hard_split").GetInt32()));
        Assert.Equal("compact", root.GetProperty("options").GetProperty("architecture").GetString());
        var source = root.GetProperty("stages")[0];
        Assert.Equal("source", source.GetProperty("kind").GetString());
        Assert.True(source.GetProperty("reused").GetBoolean());
        Assert.Equal(12.4, source.GetProperty("seconds").GetDouble(), 3);
        Assert.Equal(64, root.GetProperty("lineage")[0].GetProperty("outputs").GetProperty("weights").GetProperty("sha256").GetString()!.Length);
    }

    [Fact(Timeout = 120_000)]
    public async Task Page_and_json_say_who_did_a_stage_and_who_began_it()
    {
        var report = await BuildAsync(Small with { WithReplacedTrainer = true });

        var row = Parse(report).Descendants("tr").Select(r => r.Value)
            .Single(text => text.Contains("begun by", StringComparison.Ordinal));
        Assert.Contains("intrada-trainer 1.0.0 (1.0.0+ab12cd34), begun by intrada-trainer 0.9.3 (0.9.3+00ff00ff)", row, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.Json);
        foreach (var list in new[] { "stages", "lineage" })
        {
            var entries = json.RootElement.GetProperty(list).EnumerateArray().ToList();
            Assert.All(entries, e => Assert.Equal("1.0.0", e.GetProperty("service").GetProperty("version").GetString()));
            var earlier = Assert.Single(entries.SelectMany(e => e.GetProperty("earlier_services").EnumerateArray()));
            Assert.Equal("0.9.3", earlier.GetProperty("version").GetString());
            Assert.Equal("0.9.3+00ff00ff", earlier.GetProperty("build").GetString());
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_is_loaded_from_elsewhere_and_there_is_no_script()
    {
        var document = Parse(await BuildAsync(Small));
        Assert.Empty(document.Descendants("script"));
        Assert.Empty(document.Descendants("link"));
        var references = document.Descendants().Attributes()
            .Where(a => a.Name.LocalName is "src" or "href" or "srcset" or "data" or "action").Select(a => a.Value);
        Assert.All(references, r => Assert.StartsWith("data:image/", r, StringComparison.Ordinal));
        var style = document.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        Assert.DoesNotContain("://", document.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_picture_and_chart_has_an_alternative_text()
    {
        var document = Parse(await BuildAsync(Small));
        Assert.All(document.Descendants("img"), i => Assert.False(string.IsNullOrWhiteSpace((string?)i.Attribute("alt"))));
        Assert.All(
            document.Descendants("svg"),
            s => Assert.True(s.Attribute("aria-hidden") is not null || !string.IsNullOrWhiteSpace((string?)s.Attribute("aria-label"))));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_user_wrote_cannot_become_markup()
    {
        var evil = "<script>alert('x')</script> & \"quotes\" \u0001";
        var report = await BuildAsync(Small with { Title = evil });
        Assert.DoesNotContain("<script", Encoding.UTF8.GetString(report.Html), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(evil.Replace('\u0001', '\uFFFD'), Parse(report).Descendants("h1").Single().Value);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(evil, json.RootElement.GetProperty("title").GetString());
    }

    [Fact(Timeout = 120_000)]
    public async Task The_gallery_shows_nine_images_in_five_views()
    {
        var gallery = Parse(await BuildAsync(Small)).Descendants("section").Single(s => (string?)s.Attribute("id") == "gallery");
        var rows = gallery.Descendants("div").Where(d => (string?)d.Attribute("class") == "row").ToArray();
        Assert.Equal(9, rows.Length);
        Assert.All(rows, r => Assert.Equal(5, r.Descendants("img").Count()));
        Assert.All(gallery.Descendants("img").Attributes("width"), w => Assert.InRange((int)w, 1, 320));
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_validation_set_the_report_says_what_it_cannot_say()
    {
        var report = await BuildAsync(Small with { WithValidation = false });
        var ids = Parse(report).Descendants("section").Select(s => (string?)s.Attribute("id"));
        Assert.Equal(["summary", "split", "trust", "curves", "lineage"], ids);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("miou").GetProperty("inter").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("ranking").GetProperty("spearman_error").ValueKind);
        Assert.Contains(Notes(json), n => n.StartsWith("There is no validation set", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_skipped_intra_step_is_explained_by_its_reason()
    {
        var report = await BuildAsync(Small with { WithIntra = false, Lambda = 0 });
        Parse(report);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("miou").GetProperty("intra").ValueKind);
        Assert.Equal(0, json.RootElement.GetProperty("ranking").GetProperty("easy").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("ranking").GetProperty("threshold").ValueKind);
        Assert.Contains("Intra (step two) was left out: the easy split is empty.", Notes(json));
        Assert.Contains(Notes(json), n => n.StartsWith("No image is in the easy split", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_empty_hard_split_does_not_break_the_report()
    {
        var report = await BuildAsync(Small with { Lambda = 1 });
        Parse(report);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(0, json.RootElement.GetProperty("ranking").GetProperty("hard").GetInt32());
        Assert.Contains(Notes(json), n => n.StartsWith("No image is in the hard split", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Figures_that_are_not_numbers_become_null()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        var damaged = new EvaluationReport { Miou = double.NaN, PixelAccuracy = double.NaN };
        damaged.Iou.AddRange([double.NaN, -1, 0.5]);
        var evaluations = new Dictionary<StageKind, EvaluationReport>(sample.Request.Evaluations) { [StageKind.Intra] = damaged };
        var report = await sample.Builder().BuildAsync(sample.Request with { Evaluations = evaluations }, Token);
        Parse(report);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("miou").GetProperty("intra").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("per_class")[0].GetProperty("iou").GetProperty("intra").ValueKind);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_known_conditions_there_is_no_auc_and_a_note_says_so()
    {
        var report = await BuildAsync(Small with { KnownConditions = false });
        Parse(report);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("ranking").GetProperty("auc_difficulty").ValueKind);
        Assert.Equal(0, json.RootElement.GetProperty("ranking").GetProperty("conditions").GetArrayLength());
        Assert.Contains(Notes(json), n => n.Contains("true difficulty is not known", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_workflow_that_made_nothing_still_gets_a_report()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small with { WithValidation = false }, Token);
        var bare = new ReportRequest
        {
            Workflow = new Workflow { Id = "wf-empty" },
            Source = sample.Request.Source,
            Target = sample.Request.Target,
        };
        var report = await sample.Builder().BuildAsync(bare, Token);
        Assert.Equal("Workflow wf-empty", Parse(report).Descendants("h1").Single().Value);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Equal(0, json.RootElement.GetProperty("ranking").GetProperty("images").GetInt32());
    }

    [Fact(Timeout = 120_000)]
    public async Task Equal_input_gives_equal_bytes()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        var first = await sample.Builder().BuildAsync(sample.Request, Token);
        var second = await sample.Builder().BuildAsync(sample.Request, Token);
        Assert.Equal(first.Html, second.Html);
        Assert.Equal(first.Json, second.Json);
    }

    [Fact(Timeout = 120_000)]
    public async Task Curves_that_cannot_be_read_are_left_out_and_named()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        var broken = await sample.Store.PutBytesAsync("curves/broken.jsonl", "{\"iteration\":1,\n"u8.ToArray(), "application/jsonl", Token);
        var curves = new Dictionary<StageKind, Artifact>(sample.Request.Curves) { [StageKind.Intra] = broken };
        var report = await sample.Builder().BuildAsync(sample.Request with { Curves = curves }, Token);
        using var json = JsonDocument.Parse(report.Json);
        Assert.Contains(Notes(json), n => n.Contains("curves/broken.jsonl", StringComparison.Ordinal));
        Assert.DoesNotContain(json.RootElement.GetProperty("curves").EnumerateArray(), c => c.GetProperty("stage").GetString() == "intra");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_table_that_is_gone_fails_the_report()
    {
        using var sample = await SampleWorkflow.CreateAsync(Small, Token);
        await sample.Store.DeleteAsync(sample.Request.Ranking!.Key, Token);
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => sample.Builder().BuildAsync(sample.Request, Token));
    }

    // For looking at it: INTRADA_REPORT_OUT names a folder.
    private static async Task ShowAsync(ReportResult report, string name)
    {
        if (Environment.GetEnvironmentVariable("INTRADA_REPORT_OUT") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".html"), report.Html, Token);
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".json"), report.Json, Token);
        }
    }

    private static async Task<ReportResult> BuildAsync(SampleOptions options)
    {
        using var sample = await SampleWorkflow.CreateAsync(options, Token);
        return await sample.Builder().BuildAsync(sample.Request, Token);
    }

    private static XDocument Parse(ReportResult report)
    {
        var text = Encoding.UTF8.GetString(report.Html);
        Assert.StartsWith("<!DOCTYPE html>\n", text, StringComparison.Ordinal);
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static string[] Notes(JsonDocument json) =>
        [.. json.RootElement.GetProperty("notes").EnumerateArray().Select(n => n.GetString()!)];
}

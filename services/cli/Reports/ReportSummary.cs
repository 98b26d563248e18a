using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Output;
using Spectre.Console;

namespace IntraDA.Cli.Reports;

/// <summary>The figures of a report that a command ends with.</summary>
internal sealed class ReportSummary
{
    private static readonly (string Key, string Label)[] Controls =
    [
        ("source_continued", "control: source-only, trained as long as inter"),
        ("source_renormalized", "control: source-only, statistics of the target"),
        ("inter_continued", "control: inter, trained on for as long as intra"),
    ];

    private readonly JsonObject _miou;
    private readonly JsonObject _ranking;
    private readonly string _workflow;
    private readonly string _html;

    private ReportSummary(string workflow, JsonObject miou, JsonObject ranking, string html)
    {
        _workflow = workflow;
        _miou = miou;
        _ranking = ranking;
        _html = html;
    }

    /// <summary>Takes the figures out of report.json.</summary>
    /// <param name="workflow">Id of the workflow.</param>
    /// <param name="json">The text of report.json.</param>
    /// <param name="html">Where report.html was put.</param>
    /// <returns>The figures; what the workflow did not measure is null.</returns>
    /// <exception cref="CliException">The text is no report.</exception>
    public static ReportSummary Read(string workflow, string json, string html)
    {
        try
        {
            var report = JsonNode.Parse(json) as JsonObject;
            if (report?["miou"] is JsonObject miou && report["ranking"] is JsonObject ranking)
            {
                return new ReportSummary(workflow, miou, ranking, html);
            }
        }
        catch (JsonException)
        {
            // Below.
        }

        throw new CliException($"the report of workflow {workflow} has no keys miou and ranking; is the gateway of another version?");
    }

    /// <summary>The line that demo and adapt end with; mIoU in percent.</summary>
    /// <param name="elapsed">How long the command took.</param>
    /// <returns>The object.</returns>
    public JsonObject ToJson(TimeSpan elapsed)
    {
        var controls = new JsonObject();
        foreach (var (key, _) in Controls)
        {
            controls[key] = Copy((_miou["controls"] as JsonObject)?[key]);
        }

        return new JsonObject
        {
            ["workflow"] = _workflow,
            ["miou"] = new JsonObject
            {
                ["source_only"] = Copy(_miou["source_only"]),
                ["inter"] = Copy(_miou["inter"]),
                ["intra"] = Copy(_miou["intra"]),
                ["controls"] = controls,
            },
            ["ranking"] = new JsonObject
            {
                ["auc_difficulty"] = Copy(_ranking["auc_difficulty"]),
                ["spearman_error"] = Copy(_ranking["spearman_error"]),
            },
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 1),
            ["report"] = _html,
        };
    }

    /// <summary>Prints the figures.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="elapsed">How long the command took.</param>
    public void Print(IConsoleOutput output, TimeSpan elapsed) => output.Result(ToJson(elapsed), console =>
    {
        var controls = _miou["controls"] as JsonObject;
        var table = new Table().RoundedBorder().AddColumn("network").AddColumn(new TableColumn("mIoU %").RightAligned());
        Row("source-only", _miou["source_only"]);
        Row("inter (step one)", _miou["inter"]);
        Row("intra (step two)", _miou["intra"]);
        foreach (var (key, label) in Controls)
        {
            Row(label, controls?[key]);
        }

        console.Write(table);
        console.WriteLine($"Ranking: AUC of the hidden difficulty {Number(_ranking["auc_difficulty"], "0.000")}, " +
            $"Spearman correlation with the error {Number(_ranking["spearman_error"], "0.000")}");
        console.WriteLine($"Workflow {_workflow}, {DurationText.Of(elapsed)}");
        console.WriteLine($"Report: {_html}");

        void Row(string label, JsonNode? value) => table.AddRow(new Text(label), new Text(Number(value, "0.0")));
    });

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private static string Number(JsonNode? node, string format) =>
        node is JsonValue value && value.TryGetValue<double>(out var number)
            ? number.ToString(format, CultureInfo.InvariantCulture)
            : "not measured";
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Json;

/// <summary>Writes report.json, form "intrada.report/1"; README.md in the folder above lists its keys.</summary>
public static class ReportJson
{
    private const string Format = "intrada.report/1";

    // Enough to plot; the full curve is the training's artefact.
    private const int RiskCoveragePoints = 100;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        // A file of its own, never put into a page: sentences stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonFormatter Proto =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>Writes a report.</summary>
    /// <param name="data">What it says.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Write(ReportData data)
    {
        var spec = data.Workflow.Spec ?? new WorkflowSpec();
        var document = new JsonObject
        {
            ["format"] = Format,
            ["workflow"] = data.Workflow.Id,
            ["title"] = spec.Title,
            ["seed"] = spec.Seed,
            ["created"] = data.Workflow.CreateTime?.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["seconds"] = Number(data.Seconds, 3),
            ["verdict"] = Texts(data.Verdict),
            ["miou"] = Miou(data.Evaluation),
            ["gains"] = Gains(data.Evaluation),
            ["miou_13"] = data.Evaluation.Evaluated.Any(r => r.Miou13 is not null) ? PerNetwork(data.Evaluation, r => r.Miou13) : null,
            ["pixel_accuracy"] = PerNetwork(data.Evaluation, r => r.PixelAccuracy),
            ["per_class"] = PerClass(data.Evaluation),
            ["ranking"] = Ranking(data.Ranking),
            ["pseudo_labels"] = PseudoLabels(data),
            ["curves"] = new JsonArray([.. data.Curves.Select(Curve)]),
            ["data"] = new JsonObject
            {
                ["source"] = Dataset(data.Request.Source),
                ["target"] = Dataset(data.Request.Target),
                ["validation"] = data.Request.Validation is { } validation ? Dataset(validation) : null,
            },
            ["stages"] = new JsonArray([.. data.Workflow.Stages.Select(Stage)]),
            ["lineage"] = new JsonArray([.. data.Workflow.Stages.Select(Lineage)]),
            ["options"] = JsonNode.Parse(Proto.Format(spec)),
            ["notes"] = Texts(data.Notes.Select(n => n.Text)),
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, Options);
    }

    private static JsonObject Miou(EvaluationResults results)
    {
        var controls = new JsonObject();
        var miou = new JsonObject();
        foreach (var network in Network.All)
        {
            (network.IsControl ? controls : miou)[network.Key] = Number(results[network].Miou, 4);
        }

        miou["controls"] = controls;
        return miou;
    }

    private static JsonObject Gains(EvaluationResults results)
    {
        (Network One, Network Other)[] pairs =
        [
            (Network.Inter, Network.SourceOnly),
            (Network.Inter, Network.SourceContinued),
            (Network.Inter, Network.SourceRenormalized),
            (Network.Intra, Network.Inter),
            (Network.Intra, Network.InterContinued),
            (Network.InterContinued, Network.Inter),
        ];
        var gains = new JsonObject();
        foreach (var (one, other) in pairs)
        {
            gains[$"{one.Key}_over_{other.Key}"] = Number(results.Gain(one, other), 4);
        }

        return gains;
    }

    private static JsonObject PerNetwork(EvaluationResults results, Func<NetworkResult, double?> figure)
    {
        var values = new JsonObject();
        foreach (var network in Network.All)
        {
            values[network.Key] = Number(figure(results[network]), 4);
        }

        return values;
    }

    private static JsonArray PerClass(EvaluationResults results) => results.Any
        ? [.. results.ClassNames.Select((name, id) => new JsonObject
        {
            ["name"] = name,
            ["train_id"] = id,
            ["iou"] = PerNetwork(results, r => id < r.ClassIou.Count ? r.ClassIou[id] : null),
        })]
        : [];

    private static JsonObject Ranking(RankingResults ranking)
    {
        var byCondition = new JsonObject();
        foreach (var condition in ranking.Conditions.Where(c => c.Auc is not null))
        {
            byCondition[condition.Condition] = Number(condition.Auc, 6);
        }

        return new JsonObject
        {
            ["images"] = ranking.Target.Count,
            ["lambda"] = Number(ranking.Lambda, 6),
            ["easy"] = ranking.Easy,
            ["hard"] = ranking.Hard,
            ["threshold"] = Number(ranking.Threshold, 9),
            ["auc_difficulty"] = Number(ranking.AucDifficulty, 6),
            ["auc_by_condition"] = byCondition,
            ["conditions"] = new JsonArray([.. ranking.Conditions.Select(c => new JsonObject
            {
                ["condition"] = c.Condition,
                ["images"] = c.Images,
                ["in_hard_split"] = c.InHardSplit,
                ["hard_share"] = Number(c.HardShare, 6),
            })]),
            ["validation_images"] = ranking.Validation.Count,
            ["spearman_error"] = Number(ranking.SpearmanError, 6),
            ["aurc"] = Number(ranking.RiskCoverage?.Area, 6),
            ["aurc_oracle"] = Number(ranking.RiskCoverage?.OracleArea, 6),
            ["aurc_excess"] = Number(ranking.RiskCoverage?.ExcessArea, 6),
            ["aurc_random"] = Number(ranking.RiskCoverage?.FullRisk, 6),
            ["risk_coverage"] = RiskCoverage(ranking),
        };
    }

    private static JsonArray RiskCoverage(RankingResults ranking)
    {
        if (ranking.RiskCoverage is not { } curve)
        {
            return [];
        }

        var count = Math.Min(RiskCoveragePoints, curve.Points.Count);
        return
        [
            .. Enumerable.Range(1, count).Select(i => curve.Points[(int)((long)i * curve.Points.Count / count) - 1]).Select(p => new JsonObject
            {
                ["coverage"] = Number(p.Coverage, 6),
                ["risk"] = Number(p.Risk, 6),
                ["oracle_risk"] = Number(p.OracleRisk, 6),
            }),
        ];
    }

    private static JsonObject? PseudoLabels(ReportData data)
    {
        if (data.Request.PseudoLabels is not { } report)
        {
            return null;
        }

        var names = data.Request.Target.Classes.Names;
        return new JsonObject
        {
            ["labelled_share"] = Number(report.LabelledShare, 6),
            ["classes"] = new JsonArray([.. names.Select((name, id) => new JsonObject
            {
                ["name"] = name,
                ["train_id"] = id,
                ["pixels"] = id < report.ClassPixels.Count ? report.ClassPixels[id] : null,
                ["threshold"] = id < report.Thresholds.Count ? Number(report.Thresholds[id], 6) : null,
            })]),
        };
    }

    private static JsonNode Curve(TrainingCurve curve) => new JsonObject
    {
        ["stage"] = StageNames.Key(curve.Stage),
        ["term"] = curve.Term,
        ["iteration"] = Numbers(curve.Iterations),
        ["value"] = Numbers(curve.Values),
        ["smoothed"] = Numbers(curve.Smoothed),
    };

    private static JsonObject Dataset(DatasetManifest manifest) => new()
    {
        ["name"] = manifest.Name,
        ["images"] = manifest.Items.Count,
        ["labelled"] = manifest.Items.Count(i => i.Label is not null),
    };

    private static JsonNode Stage(Stage stage) => new JsonObject
    {
        ["kind"] = StageNames.Key(stage.Kind),
        ["state"] = StageNames.Key(stage.State),
        ["reused"] = stage.Reused,
        ["seconds"] = Number(StageTimes.Seconds(stage), 3),
        ["key"] = stage.Key,
        ["service"] = Service(stage.Service),
        ["earlier_services"] = EarlierServices(stage),
        ["reason"] = stage.Reason is { Length: > 0 } reason ? reason : null,
    };

    private static JsonNode Lineage(Stage stage) => new JsonObject
    {
        ["stage"] = StageNames.Key(stage.Kind),
        ["service"] = Service(stage.Service),
        ["earlier_services"] = EarlierServices(stage),
        ["inputs"] = Artifacts(stage.Inputs),
        ["outputs"] = Artifacts(stage.Outputs),
    };

    private static JsonObject? Service(ServiceInfo? service) => service is null
        ? null
        : new JsonObject { ["name"] = service.Name, ["version"] = service.Version, ["build"] = service.Build };

    private static JsonArray EarlierServices(Stage stage) => [.. stage.EarlierServices.Select(Service)];

    private static JsonObject Artifacts(MapField<string, Artifact> artifacts)
    {
        var document = new JsonObject();
        foreach (var (name, artifact) in artifacts.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            document[name] = new JsonObject
            {
                ["key"] = artifact.Key,
                ["sha256"] = artifact.Sha256,
                ["size_bytes"] = artifact.SizeBytes,
                ["media_type"] = artifact.MediaType,
            };
        }

        return document;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    private static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(v => Number(v, 6))];

    // JSON has no NaN: what is not a number is null, as what is not there is.
    private static JsonValue? Number(double? value, int decimals) =>
        value is { } v && double.IsFinite(v) ? JsonValue.Create(Math.Round(v, decimals)) : null;
}

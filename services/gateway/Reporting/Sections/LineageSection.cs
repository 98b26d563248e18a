using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>What was run, with what, on what: stages, options and the digests of every input and output.</summary>
public static class LineageSection
{
    private static readonly JsonFormatter Proto = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>Draws the section.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    public static void Render(HtmlWriter html, ReportData data)
    {
        using var section = html.Open("section", ("id", "lineage"));
        html.Element("h2", "How it was made");
        Stages(html, data.Workflow);
        Datasets(html, data.Request);
        Options(html, data.Workflow.Spec ?? new WorkflowSpec());
        Artifacts(html, data.Workflow);
    }

    private static void Stages(HtmlWriter html, Workflow workflow)
    {
        using var details = html.Open("details");
        html.Element("summary", "Stages");
        using var table = new ReportTable(html, ["Stage", "State", "Time", "By", "Key"], [1, 3, 4]);
        foreach (var stage in workflow.Stages)
        {
            var state = StageNames.Key(stage.State) + (stage.Reused ? ", reused" : "");
            var reason = stage.Reason is { Length: > 0 } text ? $": {text}" : "";
            table.Row(
                StageNames.Label(stage.Kind), state + reason, Format.Duration(StageTimes.Seconds(stage)), By(stage), Short(stage.Key));
        }
    }

    private static string By(Stage stage)
    {
        if (stage.Service is null)
        {
            return "";
        }

        var earlier = stage.EarlierServices.Count == 0 ? "" : $", begun by {string.Join(", ", stage.EarlierServices.Select(Name))}";
        return Name(stage.Service) + earlier;

        static string Name(ServiceInfo service) => $"{service.Name} {service.Version} ({service.Build})";
    }

    private static void Datasets(HtmlWriter html, ReportRequest request)
    {
        using var details = html.Open("details");
        html.Element("summary", "Data");
        using var table = new ReportTable(html, ["Role", "Name", "Images", "With labels"], [1]);
        (string Role, DatasetManifest? Manifest)[] sets =
            [("Source", request.Source), ("Target", request.Target), ("Validation", request.Validation)];
        foreach (var (role, manifest) in sets)
        {
            if (manifest is not null)
            {
                table.Row(
                    role, manifest.Name, Format.Count(manifest.Items.Count),
                    Format.Count(manifest.Items.Count(i => i.Label is not null)));
            }
        }
    }

    private static void Options(HtmlWriter html, WorkflowSpec spec)
    {
        using var details = html.Open("details");
        html.Element("summary", "Options");
        using var table = new ReportTable(html, ["Option", "Value"], [1]);
        foreach (var (path, value) in Flatten("", JsonNode.Parse(Proto.Format(spec))))
        {
            table.Row(path, value);
        }
    }

    private static IEnumerable<(string Path, string Value)> Flatten(string path, JsonNode? node) => node switch
    {
        JsonObject document => document.SelectMany(p => Flatten(path.Length == 0 ? p.Key : $"{path}.{p.Key}", p.Value)),
        null => [(path, "")],
        _ => [(path, node.ToString())],
    };

    private static void Artifacts(HtmlWriter html, Workflow workflow)
    {
        using var details = html.Open("details");
        html.Element("summary", "Lineage");
        using var table = new ReportTable(html, ["Stage", "Artefact", "Size", "SHA-256", "Key in the store"], [1, 3, 4]);
        foreach (var stage in workflow.Stages)
        {
            Rows(table, stage, "in", stage.Inputs);
            Rows(table, stage, "out", stage.Outputs);
        }
    }

    private static void Rows(ReportTable table, Stage stage, string direction, MapField<string, Artifact> artifacts)
    {
        foreach (var (name, artifact) in artifacts.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            table.Row(
                StageNames.Label(stage.Kind), $"{direction}: {name}", Format.Bytes(artifact.SizeBytes), Short(artifact.Sha256),
                artifact.Key);
        }
    }

    // report.json has the whole digest; here it only has to be told from others.
    private static string Short(string digest) => digest.Length > 16 ? digest[..16] + "\u2026" : digest;
}

using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Workflows;

/// <summary>Workflows and stages for machines.</summary>
internal static class WorkflowJson
{
    /// <summary>A workflow with its stages.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <returns>The object.</returns>
    public static JsonObject Of(Workflow workflow) => new()
    {
        ["workflow"] = workflow.Id,
        ["title"] = workflow.Spec?.Title ?? "",
        ["state"] = StageNames.State(workflow.State),
        ["created"] = Time(workflow.CreateTime),
        ["ended"] = Time(workflow.EndTime),
        ["error"] = workflow.Error?.Message,
        ["stages"] = new JsonArray([.. workflow.Stages.Select(Of)]),
    };

    /// <summary>A stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>The object.</returns>
    public static JsonObject Of(Stage stage)
    {
        var outputs = new JsonObject();
        foreach (var (name, artifact) in stage.Outputs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            outputs[name] = artifact.Key;
        }

        return new JsonObject
        {
            ["stage"] = StageNames.Machine(stage.Kind),
            ["state"] = StageNames.State(stage.State),
            ["reused"] = stage.Reused,
            ["reason"] = stage.Reason.Length > 0 ? stage.Reason : null,
            ["started"] = Time(stage.StartTime),
            ["ended"] = Time(stage.EndTime),
            ["service"] = Service(stage.Service),
            ["earlier_services"] = new JsonArray([.. stage.EarlierServices.Select(Service)]),
            ["key"] = stage.Key,
            ["outputs"] = outputs,
        };
    }

    private static JsonObject? Service(ServiceInfo? service) => service is null
        ? null
        : new JsonObject { ["name"] = service.Name, ["version"] = service.Version, ["build"] = service.Build };

    private static string? Time(Timestamp? time) => time?.ToDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

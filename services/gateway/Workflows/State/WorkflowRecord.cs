using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.Specs;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>What is fixed when a workflow is created: <c>workflows/ID/spec.json</c>.</summary>
/// <param name="Created">The workflow in its first state, its stages pending.</param>
/// <param name="Source">The source as it was registered then; a name that moves later changes nothing.</param>
/// <param name="Target">The target as it was registered then.</param>
/// <param name="Validation">The validation set as it was registered then; null where there is none.</param>
/// <param name="InitialPredicts">
/// Whether the initial weights are a whole network for the source's classes; without classifiers they can be trained from only.
/// </param>
internal sealed record WorkflowRecord(Workflow Created, Dataset Source, Dataset Target, Dataset? Validation, bool InitialPredicts)
{
    public string Id => Created.Id;

    public WorkflowSpec Spec => Created.Spec;

    public static WorkflowRecord Create(string id, ResolvedSpec resolved, DateTimeOffset time)
    {
        var workflow = new Workflow
        {
            Id = id,
            Spec = resolved.Spec,
            State = WorkflowState.Pending,
            CreateTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(time),
        };
        workflow.Stages.AddRange(StageOrder.All.Select(kind => new Stage { Kind = kind, State = WorkflowState.Pending }));
        return new(workflow, resolved.Source, resolved.Target, resolved.Validation, resolved.InitialPredicts);
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="key">Where they lie, for errors.</param>
    /// <exception cref="ArtifactDamagedException">They are not a workflow.</exception>
    public static WorkflowRecord Parse(ReadOnlySpan<byte> json, string key)
    {
        try
        {
            return Parse(json) ?? throw new ArtifactDamagedException(key, "it names no workflow, source or target.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new ArtifactDamagedException(key, $"it is no description of a workflow ({e.Message}).");
        }
    }

    public byte[] Serialize()
    {
        var node = new JsonObject
        {
            ["format"] = "intrada.workflow/1",
            ["workflow"] = JsonNode.Parse(ProtoJson.Format(Created)),
            ["source"] = JsonNode.Parse(ProtoJson.Format(Source)),
            ["target"] = JsonNode.Parse(ProtoJson.Format(Target)),
        };
        if (InitialPredicts)
        {
            node["initialPredicts"] = true;
        }

        if (Validation is not null)
        {
            node["validation"] = JsonNode.Parse(ProtoJson.Format(Validation));
        }

        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private static WorkflowRecord? Parse(ReadOnlySpan<byte> json)
    {
        if (JsonNode.Parse(json) is not JsonObject node
            || Read<Workflow>("workflow") is not { Id.Length: > 0, Spec: not null } workflow
            || Read<Dataset>("source") is not { } source
            || Read<Dataset>("target") is not { } target)
        {
            return null;
        }

        return new(workflow, source, target, Read<Dataset>("validation"), node["initialPredicts"]?.GetValue<bool>() ?? false);

        T? Read<T>(string name)
            where T : class, IMessage, new() =>
            node[name] is { } part ? ProtoJson.Parse<T>(Encoding.UTF8.GetBytes(part.ToJsonString())) : null;
    }
}

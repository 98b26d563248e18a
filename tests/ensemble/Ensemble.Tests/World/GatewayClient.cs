using System.Text.Json.Nodes;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Ensemble.Tests.World;

/// <summary>What the tests ask of a gateway.</summary>
/// <param name="stub">The generated client.</param>
internal sealed class GatewayClient(GatewayService.GatewayServiceClient stub)
{
    private static readonly TimeSpan WorkflowLimit = TimeSpan.FromSeconds(120);

    public GatewayService.GatewayServiceClient Stub => stub;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Registers the three sets under the names of their folders.</summary>
    public async Task RegisterStreetsAsync(string directory)
    {
        foreach (var role in new[] { "source", "target", "validation" })
        {
            var folder = new DirectoryDataset { Path = Path.Combine(directory, role), Layout = "plain", IgnoreLabels = role == "target" };
            await stub.RegisterDatasetAsync(new RegisterDatasetRequest { Name = role, Directory = folder }, Soon());
        }
    }

    public async Task<Workflow> CreateAsync(WorkflowSpec spec) =>
        (await stub.CreateWorkflowAsync(new CreateWorkflowRequest { Spec = spec }, Soon())).Workflow;

    public async Task<Workflow> GetAsync(string id) =>
        (await stub.GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = id }, Soon())).Workflow;

    public async Task<Workflow> CancelAsync(string id) =>
        (await stub.CancelWorkflowAsync(new CancelWorkflowRequest { WorkflowId = id }, Soon())).Workflow;

    public async Task<Workflow> ResumeAsync(string id) =>
        (await stub.ResumeWorkflowAsync(new ResumeWorkflowRequest { WorkflowId = id }, Soon())).Workflow;

    /// <summary>All events to the workflow's end, or to the first that is wanted.</summary>
    public async Task<List<WatchWorkflowResponse>> WatchAsync(string id, ulong after = 0, Predicate<WatchWorkflowResponse>? wanted = null)
    {
        var options = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + WorkflowLimit, cancellationToken: Cancelled);
        using var call = stub.WatchWorkflow(new WatchWorkflowRequest { WorkflowId = id, AfterSequence = after }, options);
        var events = new List<WatchWorkflowResponse>();
        await foreach (var one in call.ResponseStream.ReadAllAsync(Cancelled))
        {
            events.Add(one);
            if (wanted?.Invoke(one) == true)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>Runs a workflow to its end, which must be a success.</summary>
    public async Task<(Workflow Workflow, List<WatchWorkflowResponse> Events)> RunAsync(WorkflowSpec spec)
    {
        var id = (await CreateAsync(spec)).Id;
        var events = await WatchAsync(id);
        var workflow = await GetAsync(id);
        Assert.True(workflow.State == WorkflowState.Succeeded, $"{id} {workflow.State}: {workflow.Error?.Message}");
        return (workflow, events);
    }

    public async Task<byte[]> DownloadAsync(Artifact artifact)
    {
        using var call = stub.DownloadArtifact(new DownloadArtifactRequest { Artifact = artifact }, Soon());
        using var bytes = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancelled))
        {
            piece.Chunk.WriteTo(bytes);
        }

        return bytes.ToArray();
    }

    public async Task<JsonObject> ReportAsync(Workflow workflow) =>
        JsonNode.Parse(await DownloadAsync(workflow.ReportJson))!.AsObject();

    private static CallOptions Soon() =>
        new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60), cancellationToken: Cancelled);
}

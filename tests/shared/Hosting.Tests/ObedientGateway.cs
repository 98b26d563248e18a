using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Hosting.Tests;

/// <summary>A unary, a client-streaming and a server-streaming method.</summary>
internal sealed class ObedientGateway(Behaviour behaviour) : GatewayService.GatewayServiceBase
{
    public override async Task<GetWorkflowResponse> GetWorkflow(GetWorkflowRequest request, ServerCallContext context)
    {
        await behaviour.OnCall(context);
        return new GetWorkflowResponse { Workflow = new Workflow { Id = request.WorkflowId } };
    }

    public override async Task<UploadArtifactResponse> UploadArtifact(
        IAsyncStreamReader<UploadArtifactRequest> requestStream, ServerCallContext context)
    {
        await behaviour.OnCall(context);
        return new UploadArtifactResponse();
    }

    public override Task WatchWorkflow(
        WatchWorkflowRequest request, IServerStreamWriter<WatchWorkflowResponse> responseStream, ServerCallContext context) =>
        behaviour.OnCall(context);
}

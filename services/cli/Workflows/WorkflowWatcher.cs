using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Workflows;

/// <summary>Follows a workflow to its end through lost connections: it goes on after the last event it has seen.</summary>
/// <param name="client">The gateway.</param>
/// <param name="clock">The clock.</param>
internal sealed class WorkflowWatcher(GatewayService.GatewayServiceClient client, TimeProvider clock)
{
    private const int MostFailuresInARow = 6;

    /// <summary>Reads events until the workflow has ended.</summary>
    /// <param name="workflowId">Its id.</param>
    /// <param name="afterSequence">Events up to here are left out; 0: none.</param>
    /// <param name="onEvent">Told each event once, in order.</param>
    /// <param name="cancellationToken">Stops reading; the workflow goes on.</param>
    /// <returns>The workflow in its final state.</returns>
    /// <exception cref="RpcException">There is no such workflow, or the gateway stays away.</exception>
    public async Task<Workflow> WatchAsync(
        string workflowId, ulong afterSequence, Action<WatchWorkflowResponse> onEvent, CancellationToken cancellationToken)
    {
        var seen = afterSequence;
        for (var failures = 0; ; failures++)
        {
            try
            {
                using var call = client.WatchWorkflow(
                    new WatchWorkflowRequest { WorkflowId = workflowId, AfterSequence = seen }, cancellationToken: cancellationToken);
                await foreach (var happened in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    failures = 0;
                    seen = Math.Max(seen, happened.Sequence);
                    onEvent(happened);
                }

                // A resumed workflow's history holds earlier ends, so only its present state tells whether this was the last event.
                var workflow = (await client.GetWorkflowAsync(
                    new GetWorkflowRequest { WorkflowId = workflowId }, cancellationToken: cancellationToken)).Workflow;
                if (StageNames.IsFinal(workflow.State))
                {
                    return workflow;
                }
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable && failures < MostFailuresInARow)
            {
                // Below: wait, then open the stream again.
            }

            if (failures >= MostFailuresInARow)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, $"the gateway ends every watch of workflow {workflowId} early"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250 << failures), clock, cancellationToken);
        }
    }
}

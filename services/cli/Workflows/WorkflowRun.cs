using System.Text.Json.Nodes;
using Grpc.Core;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Reports;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Workflows;

/// <summary>Starts a workflow, shows it to its end and fetches its report: what <c>demo</c> and <c>adapt</c> have in common.</summary>
/// <param name="session">The command.</param>
/// <param name="gateway">The gateway.</param>
internal sealed class WorkflowRun(CommandSession session, GatewayConnection gateway)
{
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(30);

    /// <summary>Has the gateway check all of a spec that does not depend on data sets; those need not be named.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends with its consent.</returns>
    /// <exception cref="RpcException">Something is wrong with the spec.</exception>
    public async Task CheckAsync(WorkflowSpec spec, CancellationToken cancellationToken) =>
        await gateway.Client.CreateWorkflowAsync(
            new CreateWorkflowRequest { Spec = spec, ValidateOnly = true }, cancellationToken: cancellationToken);

    /// <summary>Creates a workflow; repeating a lost call cannot create a second one.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The workflow.</returns>
    public async Task<Workflow> CreateAsync(WorkflowSpec spec, CancellationToken cancellationToken)
    {
        var request = new CreateWorkflowRequest { RequestId = Guid.NewGuid().ToString("N"), Spec = spec };
        var workflow = (await gateway.Client.CreateWorkflowAsync(request, cancellationToken: cancellationToken)).Workflow;
        session.Output.Event("created", new JsonObject { ["workflow"] = workflow.Id, ["gateway"] = gateway.Address.ToString() });
        return workflow;
    }

    /// <summary>Shows a workflow until it ends.</summary>
    /// <param name="workflowId">Its id.</param>
    /// <param name="afterSequence">Events up to here are not shown.</param>
    /// <param name="cancellationToken">
    /// Interrupts: a workflow of a running gateway goes on, one whose gateway ends with this command is cancelled.
    /// </param>
    /// <returns>The workflow in its final state.</returns>
    public async Task<Workflow> FollowAsync(string workflowId, ulong afterSequence, CancellationToken cancellationToken)
    {
        try
        {
            await using var board = session.Output.OpenBoard();
            var display = new WorkflowDisplay(session.Output, board);
            return await new WorkflowWatcher(gateway.Client, session.Clock)
                .WatchAsync(workflowId, afterSequence, display.Show, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await LeaveAsync(workflowId);
            throw;
        }
    }

    /// <summary>Follows a workflow and, where it succeeded, fetches its report and prints the result.</summary>
    /// <param name="workflowId">Its id.</param>
    /// <param name="afterSequence">Events up to here are not shown.</param>
    /// <param name="outDirectory">Receives report.html and report.json.</param>
    /// <param name="started">Timestamp of the command's start.</param>
    /// <param name="cancellationToken">Interrupts.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> FinishAsync(
        string workflowId, ulong afterSequence, string outDirectory, long started, CancellationToken cancellationToken)
    {
        var workflow = await FollowAsync(workflowId, afterSequence, cancellationToken);
        if (workflow.State != WorkflowState.Succeeded)
        {
            session.Output.Error(Failure(workflow));
            return ExitCodes.Failure;
        }

        var report = await ReportFiles.FetchAsync(gateway.Client, workflow, outDirectory, cancellationToken);
        report.Print(session.Output, session.Clock.GetElapsedTime(started));
        return ExitCodes.Success;
    }

    /// <summary>Why a workflow did not succeed.</summary>
    /// <param name="workflow">The workflow in its final state.</param>
    /// <returns>The report.</returns>
    public static ErrorReport Failure(Workflow workflow)
    {
        var stage = workflow.Stages.FirstOrDefault(stage => stage.State == WorkflowState.Failed);
        var cause = workflow.Error is null ? new ErrorReport("", null, []) : ErrorReport.Of(workflow.Error);
        var what = $"workflow {workflow.Id} {StageNames.State(workflow.State)}" +
            (stage is null ? "" : $" in stage {StageNames.Human(stage.Kind)}");
        var why = cause.Message.Length > 0 ? cause.Message : stage?.Reason ?? "";
        return cause with { Message = why.Length > 0 ? $"{what}: {why}" : $"{what}; go on with `intrada workflows resume {workflow.Id}`" };
    }

    private async Task LeaveAsync(string workflowId)
    {
        if (!gateway.EndsWithCommand)
        {
            session.Output.Warn(
                $"detached: workflow {workflowId} goes on; watch it with `intrada workflows watch {workflowId}`, " +
                $"stop it with `intrada workflows cancel {workflowId}`");
            return;
        }

        session.Output.Warn($"stopping workflow {workflowId}; go on later with `intrada workflows resume {workflowId}`");
        using var limit = new CancellationTokenSource(CancelLimit, session.Clock);
        try
        {
            var workflow = (await gateway.Client.CancelWorkflowAsync(
                new CancelWorkflowRequest { WorkflowId = workflowId }, cancellationToken: limit.Token)).Workflow;
            await new WorkflowWatcher(gateway.Client, session.Clock).WatchAsync(workflowId, workflow.LastSequence, _ => { }, limit.Token);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            // The services end with this command in any case; what is finished stays in their store.
        }
    }
}

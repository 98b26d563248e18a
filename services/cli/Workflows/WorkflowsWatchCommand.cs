using System.CommandLine;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Workflows;

/// <summary><c>workflows watch</c>.</summary>
internal sealed class WorkflowsWatchCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public WorkflowsWatchCommand(CliHost host, GlobalOptions options)
        : base("watch", "Replays a workflow's events, then shows new ones until it ends.")
    {
        var id = WorkflowsCommand.IdArgument();
        var after = new Option<ulong>("--after") { Description = "Leave out events up to this sequence number.", HelpName = "N" };
        after.AtLeast(0UL);
        Add(id);
        Add(after);
        Run(host, options, async (parsed, session, cancellationToken) =>
        {
            await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
            var workflow = await new WorkflowRun(session, gateway)
                .FollowAsync(parsed.GetRequiredValue(id), parsed.GetValue(after), cancellationToken);
            return Print(session, workflow);
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["./intrada workflows watch wf-01m85ghxpk8vjxz3", "./intrada workflows watch wf-01m85ghxpk8vjxz3 --after 12 --json"];

    /// <summary>Prints a workflow that has ended.</summary>
    /// <param name="session">The command.</param>
    /// <param name="workflow">The workflow.</param>
    /// <returns>The exit code: success only where the workflow succeeded.</returns>
    public static int Print(CommandSession session, Workflow workflow)
    {
        if (workflow.State != WorkflowState.Succeeded)
        {
            session.Output.Error(WorkflowRun.Failure(workflow));
        }

        session.Output.Result(WorkflowJson.Of(workflow), console => console.Write(WorkflowTables.Stages(workflow)));
        return workflow.State == WorkflowState.Succeeded ? ExitCodes.Success : ExitCodes.Failure;
    }
}

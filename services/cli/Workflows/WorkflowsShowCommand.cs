using IntraDA.Cli.Composition;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Workflows;

/// <summary><c>workflows show</c>.</summary>
internal sealed class WorkflowsShowCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public WorkflowsShowCommand(CliHost host, GlobalOptions options)
        : base("show", "Shows a workflow's stages: their states, times, and which were reused.")
    {
        var id = WorkflowsCommand.IdArgument();
        Add(id);
        Run(host, options, async (parsed, session, cancellationToken) =>
        {
            await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
            var workflow = (await gateway.Client.GetWorkflowAsync(
                new GetWorkflowRequest { WorkflowId = parsed.GetRequiredValue(id) }, cancellationToken: cancellationToken)).Workflow;
            session.Output.Result(WorkflowJson.Of(workflow), console =>
            {
                console.Write(WorkflowTables.List([workflow]));
                console.Write(WorkflowTables.Stages(workflow));
                if (workflow.State == WorkflowState.Failed)
                {
                    console.WriteLine(WorkflowRun.Failure(workflow).Message);
                }
            });
            return ExitCodes.Success;
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada workflows show wf-01m85ghxpk8vjxz3"];
}

using IntraDA.Cli.Composition;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Workflows;

/// <summary><c>workflows cancel</c>.</summary>
internal sealed class WorkflowsCancelCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public WorkflowsCancelCommand(CliHost host, GlobalOptions options)
        : base("cancel", "Stops a workflow; what is finished stays and is used by `resume`.")
    {
        var id = WorkflowsCommand.IdArgument();
        Add(id);
        Run(host, options, async (parsed, session, cancellationToken) =>
        {
            await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
            var workflow = (await gateway.Client.CancelWorkflowAsync(
                new CancelWorkflowRequest { WorkflowId = parsed.GetRequiredValue(id) }, cancellationToken: cancellationToken)).Workflow;
            session.Output.Result(
                WorkflowJson.Of(workflow),
                console => console.WriteLine($"workflow {workflow.Id} is {StageNames.State(workflow.State)}"));
            return ExitCodes.Success;
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada workflows cancel wf-01m85ghxpk8vjxz3"];
}

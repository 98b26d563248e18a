using System.CommandLine;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Workflows;

/// <summary><c>workflows resume</c>.</summary>
internal sealed class WorkflowsResumeCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public WorkflowsResumeCommand(CliHost host, GlobalOptions options)
        : base("resume", "Goes on with a failed, cancelled or interrupted workflow, and shows it to its end.")
    {
        var id = WorkflowsCommand.IdArgument();
        var detach = new Option<bool>("--detach") { Description = "Do not wait for its end (needs a gateway that goes on)." };
        Add(id);
        Add(detach);
        Run(host, options, (parsed, session, cancellationToken) =>
            ResumeAsync(session, parsed.GetRequiredValue(id), parsed.GetValue(detach), cancellationToken));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada workflows resume wf-01m85ghxpk8vjxz3"];

    private static async Task<int> ResumeAsync(CommandSession session, string id, bool detach, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        Detachment.Require(detach, gateway);
        var before = (await gateway.Client.GetWorkflowAsync(
            new GetWorkflowRequest { WorkflowId = id }, cancellationToken: cancellationToken)).Workflow;
        var workflow = (await gateway.Client.ResumeWorkflowAsync(
            new ResumeWorkflowRequest { WorkflowId = id }, cancellationToken: cancellationToken)).Workflow;
        if (detach)
        {
            session.Output.Result(
                WorkflowJson.Of(workflow),
                console => console.WriteLine($"workflow {id} goes on; watch it with `intrada workflows watch {id}`"));
            return ExitCodes.Success;
        }

        var ended = await new WorkflowRun(session, gateway).FollowAsync(id, before.LastSequence, cancellationToken);
        return WorkflowsWatchCommand.Print(session, ended);
    }
}

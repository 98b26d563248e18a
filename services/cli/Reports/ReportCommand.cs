using System.CommandLine;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Reports;

/// <summary><c>report</c>: fetches a finished workflow's report.</summary>
internal sealed class ReportCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public ReportCommand(CliHost host, GlobalOptions options)
        : base("report", "Fetches a finished workflow's report.html and report.json.")
    {
        var id = new Option<string>("--workflow") { Description = "Id of the workflow.", Required = true, HelpName = "ID" };
        var directory = OutOption.Folder("Folder for the files.");
        directory.Required = true;
        Add(id);
        Add(directory);
        Run(host, options, async (parsed, session, cancellationToken) =>
        {
            await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
            var workflow = (await gateway.Client.GetWorkflowAsync(
                new GetWorkflowRequest { WorkflowId = parsed.GetRequiredValue(id) }, cancellationToken: cancellationToken)).Workflow;
            var report = await ReportFiles.FetchAsync(
                gateway.Client, workflow, parsed.GetRequiredValue(directory), cancellationToken);
            report.Print(session.Output, workflow is { CreateTime: not null, EndTime: not null }
                ? (workflow.EndTime - workflow.CreateTime).ToTimeSpan()
                : TimeSpan.Zero);
            return ExitCodes.Success;
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada report --workflow wf-01m85ghxpk8vjxz3 --out my-report"];
}

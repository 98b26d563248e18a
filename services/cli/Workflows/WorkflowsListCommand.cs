using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Workflows;

/// <summary><c>workflows list</c>.</summary>
internal sealed class WorkflowsListCommand : CliCommand
{
    private const int PageSize = 100;

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public WorkflowsListCommand(CliHost host, GlobalOptions options)
        : base("list", "Lists workflows, newest first.")
    {
        var limit = new Option<int>("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 50, HelpName = "N" };
        limit.AtLeast(1);
        Add(limit);
        Run(host, options, (parsed, session, cancellationToken) => ListAsync(session, parsed.GetValue(limit), cancellationToken));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["./intrada workflows list --limit 10"];

    private static async Task<int> ListAsync(CommandSession session, int limit, CancellationToken cancellationToken)
    {
        await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
        var workflows = new List<Workflow>();
        var page = "";
        do
        {
            var response = await gateway.Client.ListWorkflowsAsync(
                new ListWorkflowsRequest { PageSize = Math.Min(PageSize, limit - workflows.Count), PageToken = page },
                cancellationToken: cancellationToken);
            workflows.AddRange(response.Workflows);
            page = response.NextPageToken;
        }
        while (page.Length > 0 && workflows.Count < limit);

        session.Output.Result(
            new JsonObject { ["workflows"] = new JsonArray([.. workflows.Select(WorkflowJson.Of)]) },
            console =>
            {
                if (workflows.Count == 0)
                {
                    console.WriteLine("There is no workflow yet; make one with `intrada demo` or `intrada adapt`.");
                }
                else
                {
                    console.Write(WorkflowTables.List(workflows));
                }
            });
        return ExitCodes.Success;
    }
}

using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Reports;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Studies;

/// <summary>Brings one workflow of a study to its end, wherever an earlier run of the study left it.</summary>
/// <param name="session">The command.</param>
/// <param name="gateway">The gateway.</param>
/// <param name="ids">Ids of requests.</param>
/// <param name="directory">Receives a folder with the report for each cell.</param>
internal sealed class CellRunner(CommandSession session, GatewayConnection gateway, RequestIds ids, string directory)
{
    /// <summary>Runs a cell, or takes what it gave before.</summary>
    /// <param name="name">Name of the variant.</param>
    /// <param name="spec">The workflow.</param>
    /// <param name="cancellationToken">Interrupts; running the study again goes on.</param>
    /// <returns>What it measured; null where the workflow did not succeed, which is then reported.</returns>
    public async Task<CellResult?> RunAsync(string name, WorkflowSpec spec, CancellationToken cancellationToken)
    {
        var request = new CreateWorkflowRequest { RequestId = ids.For(spec), Spec = spec };
        var workflow = (await gateway.Client.CreateWorkflowAsync(request, cancellationToken: cancellationToken)).Workflow;
        session.Output.Event("created", new JsonObject { ["workflow"] = workflow.Id, ["cell"] = name, ["seed"] = spec.Seed });
        if (workflow.State is WorkflowState.Failed or WorkflowState.Cancelled)
        {
            await gateway.Client.ResumeWorkflowAsync(
                new ResumeWorkflowRequest { WorkflowId = workflow.Id }, cancellationToken: cancellationToken);
        }

        if (workflow.State != WorkflowState.Succeeded)
        {
            workflow = await new WorkflowRun(session, gateway).FollowAsync(workflow.Id, 0, cancellationToken);
        }

        if (workflow.State != WorkflowState.Succeeded)
        {
            session.Output.Error(WorkflowRun.Failure(workflow));
            return null;
        }

        var folder = Path.Combine(directory, FormattableString.Invariant($"seed-{spec.Seed}-{name}"));
        var report = await ReportFiles.FetchAsync(gateway.Client, workflow, folder, cancellationToken);
        return new CellResult(name, spec.Seed, workflow, Figures(workflow, report));
    }

    private static Dictionary<string, double> Figures(Workflow workflow, ReportSummary report)
    {
        var miou = report.ToJson(TimeSpan.Zero)["miou"]!.AsObject();
        var figures = miou.Where(pair => pair.Value is JsonValue)
            .Concat(miou["controls"]!.AsObject().Where(pair => pair.Value is JsonValue))
            .ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<double>());
        return figures.ContainsKey(Networks.Inter)
            ? figures
            : throw new CliException($"the report of workflow {workflow.Id} has no mIoU; give a labelled --validation set");
    }
}

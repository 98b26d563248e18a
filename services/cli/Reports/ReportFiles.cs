using IntraDA.Cli.Errors;
using IntraDA.Cli.Transfers;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Reports;

/// <summary>Fetches a workflow's report.</summary>
internal static class ReportFiles
{
    /// <summary>Fetches report.html and report.json into a folder.</summary>
    /// <param name="client">The gateway.</param>
    /// <param name="workflow">A workflow that succeeded.</param>
    /// <param name="directory">The folder; it is made.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The report's figures.</returns>
    /// <exception cref="CliException">The workflow has no report.</exception>
    public static async Task<ReportSummary> FetchAsync(
        GatewayService.GatewayServiceClient client, Workflow workflow, string directory, CancellationToken cancellationToken)
    {
        if (workflow.ReportJson is null || workflow.ReportHtml is null)
        {
            throw new CliException(
                $"workflow {workflow.Id} has no report: it is {StageNames.State(workflow.State)}; " +
                $"go on with `intrada workflows resume {workflow.Id}`");
        }

        var downloader = new ArtifactDownloader(client);
        var html = Path.GetFullPath(Path.Combine(directory, "report.html"));
        var json = Path.GetFullPath(Path.Combine(directory, "report.json"));
        await downloader.DownloadAsync(workflow.ReportHtml, html, cancellationToken);
        await downloader.DownloadAsync(workflow.ReportJson, json, cancellationToken);
        return ReportSummary.Read(workflow.Id, await File.ReadAllTextAsync(json, cancellationToken), html);
    }
}

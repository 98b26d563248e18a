namespace IntraDA.Gateway.Reporting;

/// <summary>Writes the report of a finished workflow.</summary>
public interface IReportBuilder
{
    /// <summary>Builds both forms of the report. Whatever is missing from the request is left out of them, and a note says so.</summary>
    /// <param name="request">What the workflow made.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The report.</returns>
    /// <exception cref="IntraDA.Artifacts.Store.ArtifactStoreException">A table or curve named by the request cannot be read.</exception>
    Task<ReportResult> BuildAsync(ReportRequest request, CancellationToken cancellationToken);
}

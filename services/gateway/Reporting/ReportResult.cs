namespace IntraDA.Gateway.Reporting;

/// <summary>Both forms of a report.</summary>
/// <param name="Html">report.html: one self-contained UTF-8 file, media type <c>text/html</c>.</param>
/// <param name="Json">report.json: UTF-8, media type <c>application/json</c>, form "intrada.report/1".</param>
public sealed record ReportResult(byte[] Html, byte[] Json);

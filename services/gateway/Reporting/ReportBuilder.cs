using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Gallery;
using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Json;

namespace IntraDA.Gateway.Reporting;

/// <summary>Builds reports. Safe for concurrent use.</summary>
/// <param name="store">Holds tables and curves.</param>
/// <param name="files">Reads the gallery's images and labels.</param>
/// <param name="predictor">Segments the gallery's images.</param>
/// <param name="time">Tells how long the workflow has taken.</param>
public sealed class ReportBuilder(IArtifactStore store, DatasetFileReader files, IGalleryPredictor predictor, TimeProvider time)
    : IReportBuilder
{
    /// <inheritdoc/>
    public async Task<ReportResult> BuildAsync(ReportRequest request, CancellationToken cancellationToken)
    {
        var inputs = await new ReportInputReader(store).ReadAsync(request, cancellationToken);
        var gallery = await new GalleryBuilder(files, predictor).BuildAsync(request, inputs.Validation, cancellationToken);
        var data = Analyze(request, inputs);
        return new ReportResult(ReportHtml.Write(data, gallery), ReportJson.Write(data));
    }

    private ReportData Analyze(ReportRequest request, ReportInputs inputs)
    {
        var spec = request.Workflow.Spec;
        var classes = (request.Validation ?? request.Target).Classes;
        var evaluation = EvaluationResults.Collect(request.Evaluations, classes.Names);
        double? lambda = spec?.Ranking is { HasLambda: true } ranking ? ranking.Lambda : null;
        var judged = RankingAnalysis.Analyze(inputs.Target, inputs.Validation, lambda);
        return new ReportData
        {
            Request = request,
            Seconds = Seconds(request),
            Evaluation = evaluation,
            Ranking = judged,
            Curves = inputs.Curves,
            Verdict = Verdict.Write(evaluation, judged),
            Notes =
            [
                .. inputs.Problems.Select(p => new Note(p, IsCaution: true)),
                .. Notes.Write(request, evaluation, judged),
            ],
        };
    }

    private double Seconds(ReportRequest request)
    {
        if (request.Workflow.CreateTime is not { } created)
        {
            return 0;
        }

        var end = request.Workflow.EndTime?.ToDateTimeOffset() ?? time.GetUtcNow();
        return Math.Max(0, (end - created.ToDateTimeOffset()).TotalSeconds);
    }
}

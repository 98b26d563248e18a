using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Gateway.Datasets;
using IntraDA.Gateway.Reporting;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>report.html and report.json.</summary>
internal sealed class ReportStage(
    IReportBuilder builder, DatasetRegistry datasets, StageFiles files, IArtifactStore store, GatewayIdentity identity, StepRetry retry) : IStage
{
    public const string HtmlOutput = "report_html";
    public const string JsonOutput = "report_json";

    public StageKind Kind => StageKind.Report;

    public Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        var inputs = InputsOf(context);
        // Title, times and reuse are in the report, so it is this workflow's alone.
        var key = StageKey.Compute(Kind, identity.Info, [new("workflow", context.Record.Id)], inputs, context.Salt);
        return Task.FromResult<StagePlan>(new StageWork
        {
            Key = key,
            Service = identity.Info,
            Inputs = inputs,
            RunAsync = (monitor, token) =>
            {
                monitor.OnProgress(new Progress { Activity = "writing the report", Unit = "report", Total = 1, SecondsLeft = -1 });
                return retry.RunAsync("writing the report", (_, inner) => WriteAsync(context, StageKey.PrefixOf(Kind, key), inner), token);
            },
        });
    }

    private static Dictionary<string, Artifact> InputsOf(StageContext context) => context.Current.Stages
        .Where(stage => stage.State == WorkflowState.Succeeded && stage.Kind != StageKind.Report)
        .SelectMany(stage => stage.Outputs.Select(output => ($"{StageOrder.NameOf(stage.Kind)}.{output.Key}", output.Value)))
        .ToDictionary(pair => pair.Item1, pair => pair.Value);

    private async Task<IReadOnlyDictionary<string, Artifact>> WriteAsync(
        StageContext context, string prefix, CancellationToken cancellationToken)
    {
        var request = await RequestAsync(context, cancellationToken).ConfigureAwait(false);
        var report = await builder.BuildAsync(request, cancellationToken).ConfigureAwait(false);
        return new Dictionary<string, Artifact>
        {
            [HtmlOutput] = await store
                .PutBytesAsync($"{prefix}/report.html", report.Html, "text/html; charset=utf-8", cancellationToken).ConfigureAwait(false),
            [JsonOutput] = await store
                .PutBytesAsync($"{prefix}/report.json", report.Json, "application/json", cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<ReportRequest> RequestAsync(StageContext context, CancellationToken cancellationToken)
    {
        var evaluations = new Dictionary<StageKind, EvaluationReport>();
        var curves = new Dictionary<StageKind, Artifact>();
        var checkpoints = new Dictionary<StageKind, Artifact>();
        foreach (var network in StageOrder.Networks)
        {
            if (context.Output(StageKind.Evaluate, EvaluateStage.OutputOf(network)) is { } evaluation)
            {
                evaluations[network] = await files.ReadAsync<EvaluationReport>(evaluation, cancellationToken).ConfigureAwait(false);
            }

            if (context.Output(network, "curves") is { } curve)
            {
                curves[network] = curve;
            }

            if (context.Network(network) is { } weights)
            {
                checkpoints[network] = weights;
            }
        }

        var record = context.Record;
        return new ReportRequest
        {
            Workflow = context.Current,
            Source = await datasets.ReadManifestAsync(record.Source.Manifest, cancellationToken).ConfigureAwait(false),
            Target = await datasets.ReadManifestAsync(record.Target.Manifest, cancellationToken).ConfigureAwait(false),
            Validation = record.Validation is { } validation
                ? await datasets.ReadManifestAsync(validation.Manifest, cancellationToken).ConfigureAwait(false)
                : null,
            Evaluations = evaluations,
            Curves = curves,
            Checkpoints = checkpoints,
            ScoreTable = context.Output(StageKind.Score, "score_table"),
            Ranking = context.Output(StageKind.Rank, "ranking"),
            PseudoLabels = context.Output(StageKind.PseudoLabel, "report") is { } labels
                ? await files.ReadAsync<PseudoLabelReport>(labels, cancellationToken).ConfigureAwait(false)
                : null,
        };
    }
}

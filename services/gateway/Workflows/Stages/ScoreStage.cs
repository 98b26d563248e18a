using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Gateway.Segmenters;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Entropy scores and predictions of the target under the inter network.</summary>
internal sealed class ScoreStage(Backends backends, SegmenterSteps segmenter, ScoringFanOut fanOut) : IStage
{
    public StageKind Kind => StageKind.Score;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (context.Spec.Predictions is not null)
        {
            return StagePlan.Skip("Split and pseudo-labels are given, so the target need not be scored.");
        }

        var weights = context.NeedInter();
        var target = context.Record.Target.Manifest;
        var confidence = context.Spec.PseudoLabels.Policy != PseudoLabelPolicy.Argmax;
        var scorer = await segmenter.DescribeAsync(cancellationToken).ConfigureAwait(false);
        var inputs = new Dictionary<string, Artifact> { ["weights"] = weights, ["target"] = target };
        var key = StageKey.Compute(
            Kind,
            scorer.Service,
            [new("confidence_maps", confidence ? "true" : "false"), new("precision", scorer.Precision)],
            inputs,
            context.Salt);
        return new StageWork
        {
            Key = key,
            Service = scorer.Service,
            Inputs = inputs,
            RunAsync = async (monitor, token) =>
            {
                var report = await fanOut
                    .RunAsync(
                        new ScoringJob(
                            weights, target, StageKey.PrefixOf(Kind, key), LabelMaps: true, ConfidenceMaps: confidence, context.Salt, scorer),
                        monitor.OnProgress,
                        monitor.OnService,
                        token)
                    .ConfigureAwait(false);
                return new Dictionary<string, Artifact>
                {
                    ["score_table"] = report.ScoreTable,
                    ["predictions"] = report.Predictions ?? throw new ServiceException(
                        StatusCode.Internal,
                        "NO_PREDICTIONS",
                        $"The segmenter at {backends.SegmenterAddress} stored no predictions though it was asked to; its log may say why."),
                };
            },
        };
    }
}

using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.State;
using RankerV1 = IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Pseudo-labels of the easy images.</summary>
internal sealed class PseudoLabelStage(RankerSteps ranker, StageFiles files) : IStage
{
    public StageKind Kind => StageKind.PseudoLabel;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        var options = context.Spec.PseudoLabels.Clone();
        if (options.Policy != RankerV1.PseudoLabelPolicy.Confidence)
        {
            options.ClearConfidenceThreshold();
        }

        if (options.Policy != RankerV1.PseudoLabelPolicy.ClassBalanced)
        {
            options.ClearClassShare();
        }

        var inputs = new Dictionary<string, Artifact>
        {
            ["target"] = context.Record.Target.Manifest,
            ["predictions"] = context.Spec.Predictions ?? context.Need(StageKind.Score, "predictions"),
            ["easy_split"] = context.Spec.EasySplit ?? context.Need(StageKind.Rank, "easy_split"),
            ["hard_split"] = context.Spec.HardSplit ?? context.Need(StageKind.Rank, "hard_split"),
        };
        var service = await ranker.DescribeAsync(cancellationToken).ConfigureAwait(false);
        var key = StageKey.Compute(Kind, service, [new("pseudo_labels", ProtoJson.Format(options))], inputs, context.Salt);
        return new StageWork
        {
            Key = key,
            Service = service,
            Inputs = inputs,
            RunAsync = async (monitor, token) =>
            {
                var prefix = StageKey.PrefixOf(Kind, key);
                var report = await ranker
                    .LabelAsync(
                        new RankerV1.GeneratePseudoLabelsRequest
                        {
                            Dataset = inputs["target"],
                            Predictions = inputs["predictions"],
                            EasySplit = inputs["easy_split"],
                            HardSplit = inputs["hard_split"],
                            Options = options,
                            OutputPrefix = prefix,
                        },
                        monitor.OnProgress,
                        token)
                    .ConfigureAwait(false);
                var outputs = new Dictionary<string, Artifact>
                {
                    ["report"] = await files.PutAsync(prefix, "report", report, token).ConfigureAwait(false),
                };
                if (report.EasyDataset is not null)
                {
                    outputs["easy_dataset"] = report.EasyDataset;
                }

                if (report.HardDataset is not null)
                {
                    outputs["hard_dataset"] = report.HardDataset;
                }

                return outputs;
            },
        };
    }
}

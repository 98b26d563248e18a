using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.State;
using RankerV1 = IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>The easy/hard split.</summary>
internal sealed class RankStage(RankerSteps ranker, StageFiles files) : IStage
{
    public StageKind Kind => StageKind.Rank;

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (context.Spec.EasySplit is not null)
        {
            return StagePlan.Skip("The split is given, so nothing is ranked.");
        }

        var options = context.Spec.Ranking.Clone();
        if (options.Method != RankerV1.RankingMethod.RareClass)
        {
            // Not used, so they must not tell two equal splits apart.
            options.RareTrainIds.Clear();
        }

        var table = context.Need(StageKind.Score, "score_table");
        var service = await ranker.DescribeAsync(cancellationToken).ConfigureAwait(false);
        var inputs = new Dictionary<string, Artifact> { ["score_table"] = table };
        var key = StageKey.Compute(Kind, service, [new("ranking", ProtoJson.Format(options))], inputs, context.Salt);
        return new StageWork
        {
            Key = key,
            Service = service,
            Inputs = inputs,
            RunAsync = async (_, token) =>
            {
                var prefix = StageKey.PrefixOf(Kind, key);
                var split = await ranker
                    .RankAsync(new RankerV1.RankRequest { ScoreTable = table, Options = options, OutputPrefix = prefix }, token)
                    .ConfigureAwait(false);
                return new Dictionary<string, Artifact>
                {
                    ["ranking"] = split.Ranking,
                    ["easy_split"] = split.EasySplit,
                    ["hard_split"] = split.HardSplit,
                    ["report"] = await files.PutAsync(prefix, "report", split, token).ConfigureAwait(false),
                };
            },
        };
    }
}

using IntraDA.Gateway.Reporting.Statistics;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Judges a ranking by what it was not told.</summary>
public static class RankingAnalysis
{
    /// <summary>Computes the figures.</summary>
    /// <param name="target">The target's images.</param>
    /// <param name="validation">The validation set's images.</param>
    /// <param name="lambda">Share called easy by the spec; null where it says nothing.</param>
    /// <returns>The figures; null ones where the data say nothing.</returns>
    public static RankingResults Analyze(
        IReadOnlyList<TargetImage> target, IReadOnlyList<ValidationImage> validation, double? lambda)
    {
        var ranked = target.Any(i => i.Easy is not null);
        double[] scores = [.. validation.Select(i => i.Score)];
        double[] errors = [.. validation.Select(i => i.Error)];
        return new RankingResults
        {
            Target = target,
            Validation = validation,
            Lambda = lambda,
            Easy = ranked ? target.Count(i => i.Easy == true) : null,
            Hard = ranked ? target.Count(i => i.Easy == false) : null,
            Threshold = target.Where(i => i.Easy == true).Select(i => (double?)i.Score).Max(),
            AucDifficulty = AreaUnderCurve.Compute(
                [.. target.Where(i => i.Hard == true).Select(i => i.Score)],
                [.. target.Where(i => i.Hard == false).Select(i => i.Score)]),
            Conditions = Conditions(target, ranked),
            SpearmanError = SpearmanCorrelation.Compute(scores, errors),
            RiskCoverage = RiskCoverageCurve.Compute(scores, errors),
        };
    }

    private static ConditionResult[] Conditions(IReadOnlyList<TargetImage> target, bool ranked)
    {
        var difficultyKnown = target.Any(i => i.Hard is not null);
        return
        [
            .. target.Where(i => i.Condition is not null)
                .GroupBy(i => i.Condition!, StringComparer.Ordinal)
                .OrderBy(g => g.Any(i => i.Hard == true))
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new ConditionResult(
                    g.Key, g.Count(), ranked ? g.Count(i => i.Easy == false) : null, Auc(target, g.Key, difficultyKnown))),
        ];
    }

    // Against the easy images where difficulty is known; else against all images of other conditions.
    private static double? Auc(IReadOnlyList<TargetImage> target, string condition, bool difficultyKnown) => AreaUnderCurve.Compute(
        [.. target.Where(i => i.Condition == condition && (!difficultyKnown || i.Hard == true)).Select(i => i.Score)],
        [.. target.Where(i => difficultyKnown ? i.Hard == false : i.Condition != condition).Select(i => i.Score)]);
}

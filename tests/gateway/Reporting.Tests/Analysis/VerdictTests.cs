using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Tests.Analysis;

public sealed class VerdictTests
{
    [Fact]
    public void A_gain_over_the_control_is_called_a_gain() =>
        Assert.Contains("gained 8.3 points over the source-only network trained for as long", Say((StageKind.SourceContinued, 0.358), (StageKind.Inter, 0.441)), StringComparison.Ordinal);

    [Fact]
    public void A_loss_is_called_a_loss() =>
        Assert.Contains("lost 2.0 points against", Say((StageKind.SourceContinued, 0.20), (StageKind.Inter, 0.18)), StringComparison.Ordinal);

    [Fact]
    public void A_difference_under_a_point_is_not_called_a_gain() =>
        Assert.Contains("no clear difference", Say((StageKind.SourceContinued, 0.400), (StageKind.Inter, 0.406)), StringComparison.Ordinal);

    [Fact]
    public void Without_a_control_the_baseline_is_said_to_have_trained_less() =>
        Assert.Contains("which trained less", Say((StageKind.Source, 0.30), (StageKind.Inter, 0.40)), StringComparison.Ordinal);

    [Fact]
    public void Intra_above_inter_but_below_its_control_did_not_pay()
    {
        var said = Say((StageKind.SourceContinued, 0.3), (StageKind.Inter, 0.478), (StageKind.Intra, 0.484), (StageKind.InterContinued, 0.50));
        Assert.Contains("did not pay: it is 0.6 points above inter, but inter trained on for as long is 1.6 points better still", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_of_the_target_alone_may_explain_the_gain() =>
        Assert.Contains(
            "already reaches 44.0%", Say((StageKind.SourceContinued, 0.3), (StageKind.Inter, 0.441), (StageKind.SourceRenormalized, 0.44)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0.2, "calls hard images easy")]
    [InlineData(0.5, "no better than chance")]
    [InlineData(0.6, "weakly")]
    [InlineData(0.9, "tells hard images from easy ones")]
    public void The_ranking_is_judged_by_its_auc(double auc, string expected)
    {
        var ranking = RankingAnalysis.Analyze([], [], lambda: null) with { AucDifficulty = auc };
        Assert.Contains(expected, string.Join(' ', Verdict.Write(Results([]), ranking)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_evaluated_is_said_plainly() => Assert.StartsWith("Nothing was evaluated", Say(), StringComparison.Ordinal);

    private static string Say(params (StageKind Stage, double Miou)[] figures) =>
        string.Join(' ', Verdict.Write(Results(figures), RankingAnalysis.Analyze([], [], lambda: null)));

    private static EvaluationResults Results((StageKind Stage, double Miou)[] figures) => EvaluationResults.Collect(
        figures.ToDictionary(f => f.Stage, f => new EvaluationReport { Miou = f.Miou, Images = 10 }), ["road", "sky"]);
}

using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Tests.Analysis;

public sealed class RankingAnalysisTests
{
    [Fact]
    public void Conditions_are_judged_against_the_easy_images()
    {
        TargetImage[] images =
        [
            new("a", 0.1, true, "day", false), new("b", 0.2, true, "day", false), new("c", 0.3, false, "day", false),
            new("d", 0.4, false, "dusk", true), new("e", 0.25, true, "dusk", true), new("f", 0.05, true, "fog", true),
        ];
        var ranking = RankingAnalysis.Analyze(images, [], 0.67);
        Assert.Equal((4, 2, 0.25), (ranking.Easy, ranking.Hard, ranking.Threshold));
        Assert.Equal(["day", "dusk", "fog"], ranking.Conditions.Select(c => c.Condition));
        Assert.Null(ranking.Conditions[0].Auc);
        Assert.Equal(5 / 6.0, ranking.Conditions[1].Auc!.Value, 12);
        Assert.Equal(0, ranking.Conditions[2].Auc);
        Assert.Equal([1 / 3.0, 0.5, 0.0], ranking.Conditions.Select(c => c.HardShare!.Value));
        Assert.Equal(5 / 9.0, ranking.AucDifficulty!.Value, 12);
    }

    [Fact]
    public void Without_known_difficulty_a_condition_is_judged_against_the_others()
    {
        TargetImage[] images = [new("a", 0.1, null, "day", null), new("b", 0.3, null, "dusk", null), new("c", 0.2, null, "day", null)];
        var ranking = RankingAnalysis.Analyze(images, [], null);
        Assert.Null(ranking.AucDifficulty);
        Assert.Null(ranking.Easy);
        Assert.Equal(1, ranking.Conditions.Single(c => c.Condition == "dusk").Auc);
        Assert.Null(ranking.Conditions[0].HardShare);
    }

    [Fact]
    public void Groups_beyond_the_styles_are_put_together()
    {
        var images = Enumerable.Range(0, 9).Select(i => new TargetImage($"{i}", i, null, $"c{i}", true)).ToArray();
        var groups = ConditionGroups.Of(RankingAnalysis.Analyze(images, [], null), []);
        Assert.Equal(["c0", "c1", "c2", "c3", "c4", "other"], groups.Names);
        Assert.Equal("other", groups.NameOf(images[8]));
    }
}

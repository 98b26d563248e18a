namespace IntraDA.Ranker.Ranking;

/// <summary>The rule of a split.</summary>
/// <param name="Lambda">Share of images called easy, 0..1, both ends allowed.</param>
/// <param name="RareTrainIds">Classes of the rare-class factor; empty: scores are ranked as they are.</param>
public sealed record RankingRule(double Lambda, IReadOnlyList<int> RareTrainIds);

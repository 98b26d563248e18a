using IntraDA.Artifacts.Formats.Tables;

namespace IntraDA.Ranker.Ranking;

/// <summary>Ranks images by the mean of their entropy map (Pan et al., CVPR 2020, section 3.2). Pure.</summary>
public static class EntropyRanker
{
    /// <summary>Ranks a table: ascending by score, equal scores by id.</summary>
    /// <param name="table">The scores; left as they are.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>The ranking.</returns>
    public static ImageRanking Rank(ScoreTable table, RankingRule rule)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rule);
        var (scores, order) = ScoreOrder.Sort(rule.RareTrainIds.Count > 0 ? Weighted(table, rule.RareTrainIds) : table.ScoreMemory, table.Ids);
        return new ImageRanking(table.Ids, order, scores, EasyCount(order.Length, rule.Lambda));
    }

    /// <summary>Size of the easy part: Python's <c>int(N * lambda)</c>, the double product cut off, as the published code counts.</summary>
    /// <param name="images">N.</param>
    /// <param name="lambda">0..1.</param>
    /// <returns>0..N.</returns>
    public static int EasyCount(int images, double lambda)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        if (!(lambda is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "Lambda is a share, 0 to 1.");
        }

        return (int)(images * lambda);
    }

    /// <summary>The published factor (R - r) / R + 0.5: images that show rare classes count as easier.</summary>
    /// <param name="present">Bit k of byte k/8 is set where class k is predicted.</param>
    /// <param name="rareTrainIds">The R rare classes, at least one.</param>
    /// <returns>0.5 where all are predicted, 1.5 where none is.</returns>
    public static double RareClassFactor(ReadOnlySpan<byte> present, IReadOnlyList<int> rareTrainIds)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rareTrainIds.Count, nameof(rareTrainIds));
        var predicted = 0;
        foreach (var id in rareTrainIds)
        {
            if (id / 8 < present.Length && (present[id / 8] >> (id % 8) & 1) != 0)
            {
                predicted++;
            }
        }

        return ((double)(rareTrainIds.Count - predicted) / rareTrainIds.Count) + 0.5;
    }

    private static double[] Weighted(ScoreTable table, IReadOnlyList<int> rareTrainIds)
    {
        var scores = table.Scores.ToArray();
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] *= RareClassFactor(table.Present(i), rareTrainIds);
        }

        return scores;
    }
}

using IntraDA.Artifacts.Formats.Tables;

namespace IntraDA.Ranker.Ranking;

/// <summary>Sorts images by score, equal scores by id, on all cores.</summary>
internal static class ScoreOrder
{
    // Below, sorting at once is as fast.
    private const int LeastRows = 1 << 16;

    // Buckets of some thousand rows stay in the processor's cache while they are sorted.
    private const int RowsPerBucket = 1 << 12;

    /// <summary>Sorts.</summary>
    /// <param name="scores">The scores, no NaN among them; left as they are.</param>
    /// <param name="ids">The ids.</param>
    /// <returns>The scores in ascending order, and the row of each.</returns>
    public static (double[] Scores, int[] Rows) Sort(ReadOnlyMemory<double> scores, IdColumn ids)
    {
        var (sorted, rows, starts) = Distribute(scores.Span);
        Parallel.For(0, starts.Length - 1, bucket =>
        {
            var (start, end) = (starts[bucket], starts[bucket + 1]);
            Array.Sort(sorted, rows, start, end - start);
            SortTies(ids, sorted, rows, start, end);
        });
        return (sorted, rows);
    }

    /// <summary>Copies rows into buckets of ascending scores. Equal scores share a bucket.</summary>
    private static (double[] Scores, int[] Rows, int[] Starts) Distribute(ReadOnlySpan<double> scores)
    {
        var sorted = new double[scores.Length];
        var rows = new int[scores.Length];
        var (least, scale, buckets) = Scale(scores);
        var next = new int[buckets + 1];
        foreach (var score in scores)
        {
            next[(int)((score - least) * scale) + 1]++;
        }

        for (var i = 1; i <= buckets; i++)
        {
            next[i] += next[i - 1];
        }

        var starts = next.ToArray();
        for (var i = 0; i < scores.Length; i++)
        {
            var place = next[(int)((scores[i] - least) * scale)]++;
            sorted[place] = scores[i];
            rows[place] = i;
        }

        return (sorted, rows, starts);
    }

    /// <summary>Bucket of a score s = (s - least) * scale, cut off: rounding keeps order, so a higher bucket never holds a lower score.</summary>
    private static (double Least, double Scale, int Buckets) Scale(ReadOnlySpan<double> scores)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var score in scores)
        {
            least = Math.Min(least, score);
            most = Math.Max(most, score);
        }

        var buckets = scores.Length / RowsPerBucket;
        var scale = (buckets - 1) / (most - least);

        // Few rows, one score, infinite ones or a range beyond the numbers: one bucket.
        return scores.Length >= LeastRows && double.IsFinite(scale) && scale > 0 && double.IsFinite(most - least)
            ? (least, scale, buckets)
            : (0, 0, 1);
    }

    private static void SortTies(IdColumn ids, double[] scores, int[] rows, int from, int to)
    {
        for (var start = from; start < to;)
        {
            var end = start + 1;
            while (end < to && scores[end] == scores[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                rows.AsSpan(start, end - start).Sort((a, b) => ids.Compare(a, b) is var order and not 0 ? order : a.CompareTo(b));
            }

            start = end;
        }
    }
}

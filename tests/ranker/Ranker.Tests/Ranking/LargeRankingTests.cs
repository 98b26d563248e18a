using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Ranker.Ranking;

namespace IntraDA.Ranker.Tests.Ranking;

/// <summary>Tables large enough that they are read, sorted and written by several threads, against a sort of all rows at once.</summary>
public sealed class LargeRankingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Scores that buckets could get wrong.</summary>
    public enum Shape
    {
        /// <summary>Spread out.</summary>
        Even,

        /// <summary>Nearly all alike, a few far away.</summary>
        Skewed,

        /// <summary>A thousand different values.</summary>
        Ties,

        /// <summary>One value.</summary>
        Equal,

        /// <summary>Negative ones, both zeros and infinite ones.</summary>
        Odd,

        /// <summary>Less than a rounding apart.</summary>
        Close,
    }

    [Theory(Timeout = 120_000)]
    [InlineData(Shape.Even)]
    [InlineData(Shape.Skewed)]
    [InlineData(Shape.Ties)]
    [InlineData(Shape.Equal)]
    [InlineData(Shape.Odd)]
    [InlineData(Shape.Close)]
    public async Task The_order_is_that_of_sorting_all_rows(Shape shape)
    {
        var rows = Rows(shape, 150_001);
        var ranking = await RankAsync(rows, 0.67);
        var expected = rows.OrderBy(row => row.Score).ThenBy(row => row.Id, StringComparer.Ordinal).ToList();
        Assert.Equal(expected.Select(row => row.Id), ranking.Rows().Select(row => row.Id));
        Assert.Equal(expected.Select(row => row.Score), ranking.Rows().Select(row => row.Score));
        Assert.Equal((int)(150_001 * 0.67), ranking.EasyCount);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("city/frame_{0:D7}", 0.67)]
    [InlineData("straße/日本_{0}", 0.5)]
    [InlineData("x{0}", 0)]
    [InlineData("x{0}", 1)]
    public async Task The_files_hold_the_ranking(string name, double lambda)
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 140_000).Select(i => (Id: string.Format(null, name, i), Score: random.NextDouble())).ToList();
        var ranking = await RankAsync(rows, lambda);
        using var easy = new MemoryStream();
        using var hard = new MemoryStream();
        using var table = new MemoryStream();
        await RankingWriter.WriteAsync(ranking, easy, hard, table, Token);

        Assert.Equal(string.Concat(ranking.EasyIds().Select(id => id + "\n")), Encoding.UTF8.GetString(easy.ToArray()));
        Assert.Equal(string.Concat(ranking.HardIds().Select(id => id + "\n")), Encoding.UTF8.GetString(hard.ToArray()));
        table.Position = 0;
        Assert.Equal(ranking.Rows(), await RankingTable.ReadAsync(table, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_id_with_a_line_break_is_refused_before_it_spoils_a_list()
    {
        var ranking = await RankAsync([("fine", 0.1), ("two\nlines", 0.2)], 0.5);
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(() =>
            RankingWriter.WriteAsync(ranking, Stream.Null, Stream.Null, new MemoryStream(), Token));
        Assert.Contains("'two lines'", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_summary_names_the_scores_at_its_shares()
    {
        var ranking = await RankAsync([.. Enumerable.Range(0, 101).Select(i => ($"i{i}", i / 100.0))], 0.67);
        var summary = RankingSummary.Of(ranking);
        Assert.Equal((101, 67, 0.66), (summary.Images, summary.Easy, summary.Threshold));
        Assert.Equal(0.5, summary.Mean, 12);
        Assert.Equal([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1], summary.Quantiles);
        Assert.StartsWith("""{"images":101,"easy":67,"threshold":0.66,"mean":0.5""", summary.ToJson(), StringComparison.Ordinal);
    }

    private static List<(string Id, double Score)> Rows(Shape shape, int count)
    {
        var random = new Random(17);
        double[] odd = [0.0, -0.0, -1.5, double.NegativeInfinity, double.PositiveInfinity, 3];
        return [.. Enumerable.Range(0, count).Select(i => (
            $"image-{random.Next():x8}-{i}",
            shape switch
            {
                Shape.Even => random.NextDouble() / 19,
                Shape.Skewed => i % 10_000 == 0 ? random.NextDouble() * 1e9 : random.NextDouble() * 1e-9,
                Shape.Ties => random.Next(1000) / 1000.0,
                Shape.Equal => 0.25,
                Shape.Odd => odd[random.Next(odd.Length)],
                _ => 1 + (random.Next(5) * double.Epsilon) + (random.Next(3) * Math.BitIncrement(1) / 1e16),
            }))];
    }

    private static async Task<ImageRanking> RankAsync(IReadOnlyList<(string Id, double Score)> rows, double lambda)
    {
        // A file, because a file is read by several threads.
        var path = Path.GetTempFileName();
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            await ScoreTable.WriteAsync(file, rows.Select(row => new ScoreRow(row.Id, row.Score, 0, new byte[] { 0 })), Token);
            file.Position = 0;
            return EntropyRanker.Rank(await ScoreTable.ReadAsync(file, ScoreColumns.None, Token), new RankingRule(lambda, []));
        }
        finally
        {
            File.Delete(path);
        }
    }
}

using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Ranker.Ranking;

namespace IntraDA.Ranker.Tests.Ranking;

public sealed class EntropyRankerTests
{
    [Fact]
    public void The_published_split_has_1993_easy_and_982_hard_images()
    {
        Assert.Equal(1993, EntropyRanker.EasyCount(2975, 0.67));
        Assert.Equal(982, 2975 - EntropyRanker.EasyCount(2975, 0.67));
    }

    // Right column: Python 3, int(n * lam).
    [Theory]
    [InlineData(10, 0.7, 7)]
    [InlineData(10, 0.3, 3)]
    [InlineData(100, 0.29, 28)]
    [InlineData(100, 0.57, 56)]
    [InlineData(100, 0.58, 57)]
    [InlineData(1000, 0.001, 1)]
    [InlineData(3, 0.1, 0)]
    [InlineData(3, 0.9999999999999999, 2)]
    [InlineData(500, 0.0, 0)]
    [InlineData(500, 1.0, 500)]
    [InlineData(0, 0.5, 0)]
    public void The_easy_part_is_as_large_as_Python_makes_it(int images, double lambda, int easy) =>
        Assert.Equal(easy, EntropyRanker.EasyCount(images, lambda));

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_lambda_that_is_no_share_is_refused(double lambda) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EntropyRanker.EasyCount(10, lambda));

    [Fact]
    public async Task Images_are_sorted_by_score_and_equal_ones_by_id()
    {
        var ranking = EntropyRanker.Rank(
            await TableAsync(("d", 0.2), ("b", 0.1), ("Z", 0.2), ("a", 0.3), ("ä", 0.2), ("a/1", 0.2)), new RankingRule(0.5, []));
        Assert.Equal(["b", "Z", "a/1", "d", "ä", "a"], ranking.Rows().Select(row => row.Id));
        Assert.Equal(["b", "Z", "a/1"], ranking.EasyIds());
        Assert.Equal(["d", "ä", "a"], ranking.HardIds());
        Assert.Equal(0.2, ranking.Threshold);
        Assert.Equal([true, true, true, false, false, false], ranking.Rows().Select(row => row.Easy));
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 3)]
    public async Task Both_ends_of_lambda_are_allowed(double lambda, int easy)
    {
        var ranking = EntropyRanker.Rank(await TableAsync(("a", 0.3), ("b", 0.1), ("c", 0.2)), new RankingRule(lambda, []));
        Assert.Equal((easy, 3 - easy), (ranking.EasyCount, ranking.HardCount));
        Assert.Equal(easy == 0 ? 0 : 0.3, ranking.Threshold);
        Assert.Equal(easy, ranking.EasyIds().Count());
    }

    [Fact]
    public async Task The_order_of_rows_does_not_change_the_ranking()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 500).Select(i => ($"image-{i}", (double)random.Next(50))).ToArray();
        var first = EntropyRanker.Rank(await TableAsync(rows), new RankingRule(0.4, []));
        random.Shuffle(rows);
        var second = EntropyRanker.Rank(await TableAsync(rows), new RankingRule(0.4, []));

        Assert.Equal(first.Rows(), second.Rows());
        Assert.Equal(rows.Select(row => row.Item1).Order(StringComparer.Ordinal), first.Rows().Select(row => row.Id).Order(StringComparer.Ordinal));
        Assert.True(first.Rows().Zip(first.Rows().Skip(1)).All(pair => pair.First.Score <= pair.Second.Score));
        Assert.Equal(first.Count, first.EasyCount + first.HardCount);
    }

    [Theory]
    [InlineData(0b0000_0000, 1.5)]
    [InlineData(0b0000_0010, 1.25)]
    [InlineData(0b0001_1010, 0.75)]
    [InlineData(0b1111_1111, 0.5)]
    [InlineData(0b0000_0101, 1.5)]
    public void The_rare_class_factor_goes_from_one_and_a_half_to_one_half(byte present, double factor) =>
        Assert.Equal(factor, EntropyRanker.RareClassFactor([present], [1, 3, 4, 7]));

    [Fact]
    public void Classes_of_the_second_byte_count_too() => Assert.Equal(0.5, EntropyRanker.RareClassFactor([0, 0b100], [10]));

    [Fact]
    public async Task Images_with_rare_classes_come_first()
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(stream, [new("plain", 0.1, 0.1, new byte[] { 1 }), new("rare", 0.2, 0.2, new byte[] { 2 })], TestContext.Current.CancellationToken);
        stream.Position = 0;
        var ranking = EntropyRanker.Rank(await ScoreTable.ReadAsync(stream, TestContext.Current.CancellationToken), new RankingRule(0.5, [1]));
        Assert.Equal(["rare", "plain"], ranking.Rows().Select(row => row.Id));
        Assert.Equal(0.2 * 0.5, ranking[0].Score, 15);
        Assert.Equal(0.1 * 1.5, ranking[1].Score, 15);
    }

    internal static async Task<ScoreTable> TableAsync(params (string Id, double Score)[] rows)
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(
            stream, rows.Select(row => new ScoreRow(row.Id, row.Score, row.Score, new byte[] { 0 })), TestContext.Current.CancellationToken);
        stream.Position = 0;
        return await ScoreTable.ReadAsync(stream, TestContext.Current.CancellationToken);
    }
}

using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Tests.Formats;

public sealed class TableTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public async Task Scores_come_back(int rows)
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(stream, Enumerable.Range(0, rows).Select(Row), Token);
        stream.Position = 0;
        var table = await ScoreTable.ReadAsync(stream, Token);

        Assert.Equal(rows, table.Count);
        for (var i = 0; i < rows; i += Math.Max(1, rows / 1000))
        {
            var row = Row(i);
            Assert.Equal(row.Id, table.Ids[i]);
            Assert.Equal(row.Score, table.Scores[i]);
            Assert.Equal(row.Entropy, table.Entropies[i]);
            Assert.Equal(row.Present.ToArray(), table.Present(i).ToArray());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_several_read_from_is_itself_used_by_one_at_a_time()
    {
        var path = Path.GetTempFileName();
        try
        {
            await using var file = new WatchedFile(path);
            await ScoreTable.WriteAsync(file, Enumerable.Range(0, 200_000).Select(Row), Token);
            file.Position = 0;
            var table = await ScoreTable.ReadAsync(file, Token);
            Assert.Equal(200_000, table.Count);
            Assert.Equal(Row(199_999).Id, table.Ids[199_999]);
            Assert.False(file.WasShared);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_small_file_that_announces_more_rows_than_it_has_bytes_takes_no_memory_for_them()
    {
        using var stream = new MemoryStream();
        // Empty cells take next to nothing.
        DataField score = new("score", typeof(double), isNullable: true);
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(score), stream, cancellationToken: Token))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(score, new double?[2_000_000].AsMemory(), cancellationToken: Token);
        }

        Assert.True(stream.Length < 2_000_000, $"Empty rows took {stream.Length} bytes.");
        stream.Position = 0;
        var refused = await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(stream, Token));
        Assert.Contains("announces 2000000 rows", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_rows_give_equal_bytes()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        await ScoreTable.WriteAsync(first, Enumerable.Range(0, 100).Select(Row), Token);
        await ScoreTable.WriteAsync(second, Enumerable.Range(0, 100).Select(Row), Token);
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public async Task Rankings_and_errors_come_back()
    {
        using var stream = new MemoryStream();
        RankingRow[] ranking = [new(0, "b", 0.1, true), new(1, "straße/ä", 0.2, false)];
        await RankingTable.WriteAsync(stream, ranking, Token);
        stream.Position = 0;
        Assert.Equal(ranking, await RankingTable.ReadAsync(stream, Token));

        using var other = new MemoryStream();
        ImageErrorRow[] errors = [new("b", 0.1, 0.25, 0.5), new("a", 0.2, 1, 0)];
        await ImageErrorTable.WriteAsync(other, errors, Token);
        other.Position = 0;
        Assert.Equal(errors, await ImageErrorTable.ReadAsync(other, Token));
    }

    [Fact]
    public async Task Optional_columns_of_other_writers_are_read()
    {
        using var stream = new MemoryStream();
        DataField id = new("id", typeof(string), isNullable: true);
        DataField[] numbers = [new("score", typeof(double), isNullable: true), new("entropy", typeof(double), isNullable: true)];
        DataField present = new("present", typeof(byte[]), isNullable: true);
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, numbers[0], numbers[1], present), stream, cancellationToken: Token))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(id, ["a", "b"]);
            foreach (var field in numbers)
            {
                await group.WriteAsync<double>(field, new double?[] { 0.5, 0.25 }.AsMemory(), cancellationToken: Token);
            }

            await group.WriteAsync(present, [[1], [2]]);
        }

        stream.Position = 0;
        var table = await ScoreTable.ReadAsync(stream, Token);
        Assert.Equal(0.25, table.Scores[1]);
        Assert.Equal("b", table.Ids[1]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dictionaries_and_empty_cells_of_other_writers_are_understood(bool empty)
    {
        using var stream = new MemoryStream();
        DataField id = new("id", typeof(string), isNullable: true);
        DataField score = new DataField<double>("score");
        DataField entropy = new DataField<double>("entropy");
        DataField present = new("present", typeof(byte[]), isNullable: false);
        var options = new ParquetOptions();
        options.ColumnEncodingHints["id"] = EncodingHint.Dictionary;
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, score, entropy, present), stream, options, cancellationToken: Token))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(id, Enumerable.Range(0, 1000).Select(i => empty && i == 500 ? null! : $"scene{i % 7}").ToList());
            await group.WriteAsync<double>(score, new double[1000], cancellationToken: Token);
            await group.WriteAsync<double>(entropy, new double[1000], cancellationToken: Token);
            await group.WriteAsync(present, Enumerable.Repeat(new byte[] { 1 }, 1000).ToList());
        }

        stream.Position = 0;
        if (empty)
        {
            var error = await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(stream, Token));
            Assert.Contains("'id' has an empty cell", error.Message, StringComparison.Ordinal);
            return;
        }

        var table = await ScoreTable.ReadAsync(stream, Token);
        Assert.Equal(["scene0", "scene6", "scene0", "scene5"], new[] { 0, 6, 7, 999 }.Select(i => table.Ids[i]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Columns_that_are_not_wanted_are_not_read_but_must_be_there()
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(stream, Enumerable.Range(0, 100).Select(Row), Token);
        var table = await ScoreTable.ReadAsync(stream, ScoreColumns.None, Token);
        Assert.Equal((100, 0, 0), (table.Scores.Length, table.Entropies.Length, table.PresentBytes));
        table = await ScoreTable.ReadAsync(stream, ScoreColumns.Present, Token);
        Assert.Equal((3, 0), (table.PresentBytes, table.Entropies.Length));

        using var ranking = new MemoryStream();
        await RankingTable.WriteAsync(ranking, [new(0, "a", 0, true)], Token);
        await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(ranking, ScoreColumns.None, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Ids_that_are_not_text_are_refused()
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(stream, [new("zz-1", 0, 0, new byte[1]), new("zz-2", 0, 0, new byte[1])], Token);
        var bytes = stream.ToArray();
        for (var at = bytes.AsSpan().IndexOf("zz-"u8); at >= 0; at = bytes.AsSpan().IndexOf("zz-"u8))
        {
            bytes[at] = 0xC3;
            bytes[at + 1] = 0xC3;
        }

        await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(new MemoryStream(bytes), Token));
    }

    [Fact]
    public async Task A_score_that_is_no_number_is_refused_by_name()
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(stream, [new("bad", double.NaN, 0, new byte[1])], Token);
        stream.Position = 0;
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(stream, Token));
        Assert.Contains("'bad'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_table_is_refused_by_the_column_it_lacks()
    {
        using var stream = new MemoryStream();
        await RankingTable.WriteAsync(stream, [new(0, "a", 0, true)], Token);
        stream.Position = 0;
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(stream, Token));
        Assert.Contains("lacks the column 'entropy'", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_truncated_table_is_refused()
    {
        using var stream = new MemoryStream();
        await ScoreTable.WriteAsync(stream, Enumerable.Range(0, 50).Select(Row), Token);
        var file = stream.ToArray();
        for (var length = 0; length < file.Length; length += 7)
        {
            await Assert.ThrowsAsync<ArtifactFormatException>(() => ScoreTable.ReadAsync(new MemoryStream(file[..length]), Token));
        }
    }

    private static ScoreRow Row(int i) =>
        new($"city/frame_{i:D7}", (i * 7919 % 1_000_003) / 1e7, i / 1e7, new byte[] { (byte)i, (byte)(i >> 8), 1 });
}

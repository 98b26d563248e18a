using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Rankings as Parquet: rank (int64), id (string), score (double), easy (bool); rows in order of rank.</summary>
public static class RankingTable
{
    /// <summary>Media type of a stored table.</summary>
    public const string MediaType = ParquetTable.MediaType;

    internal static IReadOnlyList<DataField> Fields => [.. new Columns().All.Select(column => column.Field)];

    /// <summary>Writes a ranking, 65,536 rows in memory at a time.</summary>
    /// <param name="stream">Receives Parquet.</param>
    /// <param name="rows">The rows, in order of rank.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    public static Task WriteAsync(Stream stream, IEnumerable<RankingRow> rows, CancellationToken cancellationToken) =>
        ParquetTable.WriteAsync<RankingRow>(stream, new Columns().All, rows, cancellationToken);

    /// <summary>Reads a ranking.</summary>
    /// <param name="stream">Parquet; seekable.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The rows, in order.</returns>
    /// <exception cref="ArtifactFormatException">It is no ranking.</exception>
    public static async Task<IReadOnlyList<RankingRow>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var columns = new Columns();
        var rows = new List<RankingRow>();
        await ParquetTable.ReadAsync(
            stream,
            columns.All,
            total => rows.Capacity = total,
            count =>
            {
                for (var i = 0; i < count; i++)
                {
                    rows.Add(new RankingRow(columns.Rank[i], columns.Id[i], columns.Score[i], columns.Easy[i]));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private sealed class Columns
    {
        public NumberColumn<RankingRow, long> Rank { get; } = new("rank", row => row.Rank);

        public TextColumn<RankingRow> Id { get; } = new("id", row => row.Id);

        public NumberColumn<RankingRow, double> Score { get; } = new("score", row => row.Score);

        public NumberColumn<RankingRow, bool> Easy { get; } = new("easy", row => row.Easy);

        public IReadOnlyList<TableColumn<RankingRow>> All => [Rank, Id, Score, Easy];
    }
}

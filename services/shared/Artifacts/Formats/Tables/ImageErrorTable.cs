namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Per-image quality as Parquet: id (string), score, error, miou (double).</summary>
public static class ImageErrorTable
{
    /// <summary>Media type of a stored table.</summary>
    public const string MediaType = ParquetTable.MediaType;

    /// <summary>Writes a table, 65,536 rows in memory at a time.</summary>
    /// <param name="stream">Receives Parquet.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    public static Task WriteAsync(Stream stream, IEnumerable<ImageErrorRow> rows, CancellationToken cancellationToken) =>
        ParquetTable.WriteAsync<ImageErrorRow>(stream, new Columns().All, rows, cancellationToken);

    /// <summary>Reads a table.</summary>
    /// <param name="stream">Parquet; seekable.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The rows, in order.</returns>
    /// <exception cref="ArtifactFormatException">It is no such table.</exception>
    public static async Task<IReadOnlyList<ImageErrorRow>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var columns = new Columns();
        var rows = new List<ImageErrorRow>();
        await ParquetTable.ReadAsync(
            stream,
            columns.All,
            total => rows.Capacity = total,
            count =>
            {
                for (var i = 0; i < count; i++)
                {
                    rows.Add(new ImageErrorRow(columns.Id[i], columns.Score[i], columns.Error[i], columns.Miou[i]));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private sealed class Columns
    {
        public TextColumn<ImageErrorRow> Id { get; } = new("id", row => row.Id);

        public NumberColumn<ImageErrorRow, double> Score { get; } = new("score", row => row.Score);

        public NumberColumn<ImageErrorRow, double> Error { get; } = new("error", row => row.Error);

        public NumberColumn<ImageErrorRow, double> Miou { get; } = new("miou", row => row.Miou);

        public IReadOnlyList<TableColumn<ImageErrorRow>> All => [Id, Score, Error, Miou];
    }
}

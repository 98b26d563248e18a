using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Tables as Parquet, a row group at a time, so that memory does not grow with the rows.</summary>
internal static class ParquetTable
{
    public const string MediaType = "application/vnd.apache.parquet";
    public const int RowGroupSize = 1 << 16;
    public const int MaxRows = 100_000_000;

    public static async Task WriteAsync<TRow>(
        Stream stream, IReadOnlyList<TableColumn<TRow>> columns, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        var schema = new ParquetSchema(columns.Select(column => column.Field));
        var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var count = 0;
            foreach (var row in rows)
            {
                foreach (var column in columns)
                {
                    column.Set(count, row);
                }

                if (++count == RowGroupSize)
                {
                    await WriteGroupAsync(writer, columns, count, cancellationToken).ConfigureAwait(false);
                    count = 0;
                }
            }

            if (count > 0)
            {
                await WriteGroupAsync(writer, columns, count, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Reads all row groups. <paramref name="begin"/> is called once with the number of rows in all, <paramref name="take"/> after each
    /// group with the number of its rows, which the columns then hold.
    /// </summary>
    public static async Task ReadAsync<TRow>(
        Stream stream,
        IReadOnlyList<TableColumn<TRow>> columns,
        Action<int> begin,
        Action<int> take,
        CancellationToken cancellationToken)
    {
        await GuardAsync(async () =>
        {
            var reader = await OpenAsync(stream, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var stored = columns.Select(column => Find(reader.Schema, column.Field)).ToList();
                begin((int)reader.RowGroups.Sum(group => group.RowCount));
                for (var i = 0; i < reader.RowGroupCount; i++)
                {
                    using var group = reader.OpenRowGroupReader(i);
                    for (var c = 0; c < columns.Count; c++)
                    {
                        await columns[c].ReadAsync(group, stored[c], (int)group.RowCount, cancellationToken).ConfigureAwait(false);
                    }

                    take((int)group.RowCount);
                }
            }

            return true;
        }).ConfigureAwait(false);
    }

    /// <summary>Opens a table that is not larger than memory allows.</summary>
    public static async Task<ParquetReader> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        var total = reader.RowGroups.Sum(group => group.RowCount);
        // A row takes more than a byte; whoever announces more rows than the file has bytes asks for memory only.
        var most = Math.Min(MaxRows, stream.Length);
        if (total >= 0 && total <= most && !reader.RowGroups.Any(group => group.RowCount is < 0 or > MaxRows))
        {
            return reader;
        }

        await reader.DisposeAsync().ConfigureAwait(false);
        throw new ArtifactFormatException($"The table announces {total} rows; {most} at most are read from {stream.Length} bytes.");
    }

    /// <summary>Turns whatever the library meets damaged bytes with into one kind of failure.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ArtifactFormatException or OutOfMemoryException))
        {
            throw new ArtifactFormatException($"The table is no readable Parquet file: {e.Message}", e);
        }
    }

    public static ArtifactFormatException EmptyCell(string column) => new($"The table's column '{column}' has an empty cell.");

    private static async Task WriteGroupAsync<TRow>(
        ParquetWriter writer, IReadOnlyList<TableColumn<TRow>> columns, int count, CancellationToken cancellationToken)
    {
        using var group = writer.CreateRowGroup();
        foreach (var column in columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await column.WriteAsync(group, count, cancellationToken).ConfigureAwait(false);
        }

        group.CompleteValidate();
    }

    public static DataField Find(ParquetSchema schema, DataField wanted)
    {
        var found = schema.DataFields.FirstOrDefault(field => field.Path.ToString() == wanted.Name);
        return found is null
            ? throw new ArtifactFormatException($"The table lacks the column '{wanted.Name}'; it has {string.Join(", ", schema.DataFields.Select(field => field.Name))}.")
            : found.ClrType != wanted.ClrType || found.IsArray
                ? throw new ArtifactFormatException($"The table's column '{wanted.Name}' holds {found.ClrType.Name}, and {wanted.ClrType.Name} is needed.")
                : found;
    }
}

using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Reads a score table: row groups by several threads, ids as the bytes that lie in the file.</summary>
internal sealed class ScoreTableReader
{
    private const int MaxReaders = 4;
    private readonly ScoreTable _table;
    private readonly int[] _starts;
    private readonly DataField _id;
    private readonly DataField _score;
    private readonly DataField _entropy;
    private readonly DataField _present;
    private readonly ScoreColumns _columns;
    private int _next = -1;

    private ScoreTableReader(ParquetReader reader, ScoreColumns columns)
    {
        // Text is asked for as the bytes that it is stored as: ten million strings would cost more than all the rest.
        _id = AsBytes(ParquetTable.Find(reader.Schema, new DataField("id", typeof(string))));
        _score = ParquetTable.Find(reader.Schema, new DataField<double>("score"));
        _entropy = ParquetTable.Find(reader.Schema, new DataField<double>("entropy"));
        _present = AsBytes(ParquetTable.Find(reader.Schema, new DataField("present", typeof(byte[]))));
        _columns = columns;
        _starts = new int[reader.RowGroupCount];
        var total = 0;
        for (var i = 0; i < _starts.Length; i++)
        {
            _starts[i] = total;
            total += (int)reader.RowGroups[i].RowCount;
        }

        _table = new ScoreTable(total, columns);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="stream">Parquet; seekable.</param>
    /// <param name="columns">What to read beside ids and scores.</param>
    /// <param name="cancellationToken">Cancels between row groups.</param>
    /// <returns>The table.</returns>
    public static Task<ScoreTable> ReadAsync(Stream stream, ScoreColumns columns, CancellationToken cancellationToken) =>
        ParquetTable.GuardAsync(async () =>
        {
            var reader = await ParquetTable.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var work = new ScoreTableReader(reader, columns);
                await work.RunAsync(stream, reader, cancellationToken).ConfigureAwait(false);
                return work._table;
            }
        });

    private static DataField AsBytes(DataField stored) =>
        new ParquetSchema(new DataField(stored.Name, typeof(byte[]), isNullable: stored.IsNullable)).DataFields[0];

    private async Task RunAsync(Stream stream, ParquetReader reader, CancellationToken cancellationToken)
    {
        var readers = SharedReads.Can(stream) ? Math.Min(Math.Min(Environment.ProcessorCount, MaxReaders), _starts.Length) : 1;
        // All are opened before the first reads: opening touches the caller's stream, which this reader then has to itself.
        var streams = new List<Stream>();
        for (var i = 1; i < readers; i++)
        {
            streams.Add(await SharedReads.OpenAsync(stream, cancellationToken).ConfigureAwait(false));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var others = streams.Select(own => Task.Run(() => RunOtherAsync(own, stop.Token), CancellationToken.None)).ToList();
        try
        {
            await ReadGroupsAsync(reader, stop.Token).ConfigureAwait(false);
            await Task.WhenAll(others).ConfigureAwait(false);
        }
        catch
        {
            // They read from the caller's stream, so none may outlive this call.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task RunOtherAsync(Stream own, CancellationToken cancellationToken)
    {
        await using (own.ConfigureAwait(false))
        {
            var reader = await ParquetReader.CreateAsync(own, leaveStreamOpen: true, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await ReadGroupsAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadGroupsAsync(ParquetReader reader, CancellationToken cancellationToken)
    {
        int group;
        while ((group = Interlocked.Increment(ref _next)) < _starts.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var rows = reader.OpenRowGroupReader(group);
            await ReadGroupAsync(rows, _starts[group], (int)rows.RowCount, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadGroupAsync(ParquetRowGroupReader rows, int start, int count, CancellationToken cancellationToken)
    {
        using (var ids = await RawAsync(rows, _id, count, cancellationToken).ConfigureAwait(false))
        {
            _table.Ids.Fill(start, ids.Values);
        }

        await NumbersAsync(rows, _score, _table.WritableScores.Slice(start, count), cancellationToken).ConfigureAwait(false);
        if (_table.FirstNaN(start, count) is { } bad)
        {
            throw new ArtifactFormatException($"The score of image '{_table.Ids[bad]}' is not a number; score the data set again.");
        }

        if (_columns.HasFlag(ScoreColumns.Entropy))
        {
            await NumbersAsync(rows, _entropy, _table.WritableEntropies.Slice(start, count), cancellationToken).ConfigureAwait(false);
        }

        if (_columns.HasFlag(ScoreColumns.Present))
        {
            using var present = await RawAsync(rows, _present, count, cancellationToken).ConfigureAwait(false);
            _table.FillPresent(start, present.Values);
        }
    }

    private static async Task<RawColumnData<ReadOnlyMemory<byte>>> RawAsync(
        ParquetRowGroupReader rows, DataField field, int count, CancellationToken cancellationToken)
    {
        var raw = (RawColumnData<ReadOnlyMemory<byte>>)await rows.ReadRawColumnDataBaseAsync(field, cancellationToken).ConfigureAwait(false);
        if (raw.Values.Length == count && (!field.IsNullable || !raw.DefinitionLevels.Contains(0)))
        {
            return raw;
        }

        raw.Dispose();
        throw ParquetTable.EmptyCell(field.Name);
    }

    private static async Task NumbersAsync(ParquetRowGroupReader rows, DataField field, Memory<double> values, CancellationToken cancellationToken)
    {
        if (!field.IsNullable)
        {
            await rows.ReadAsync<double>(field, values, cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        var optional = new double?[values.Length];
        await rows.ReadAsync<double>(field, optional.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < optional.Length; i++)
        {
            values.Span[i] = optional[i] ?? throw ParquetTable.EmptyCell(field.Name);
        }
    }
}

using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Writes a ranking in blocks of columns; the file is that of <see cref="RankingTable.WriteAsync"/>.</summary>
public sealed class RankingTableWriter : IAsyncDisposable
{
    /// <summary>Rows of a block: all blocks but the last have as many.</summary>
    public const int BlockRows = ParquetTable.RowGroupSize;

    /// <summary>Name under which the file's metadata keeps the summary.</summary>
    public const string SummaryName = "intrada.summary";

    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private readonly long[] _ranks = new long[BlockRows];
    private readonly bool[] _easy = new bool[BlockRows];
    private long _rows;

    private RankingTableWriter(ParquetWriter writer, DataField[] fields)
    {
        _writer = writer;
        _fields = fields;
    }

    /// <summary>Begins a table.</summary>
    /// <param name="stream">Receives Parquet; stays open.</param>
    /// <param name="summary">Text that the file's metadata keeps; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The writer; the table is whole once it is disposed.</returns>
    public static async Task<RankingTableWriter> CreateAsync(Stream stream, string? summary, CancellationToken cancellationToken)
    {
        var schema = new ParquetSchema(RankingTable.Fields);
        var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (summary is not null)
        {
            writer.CustomMetadata = new Dictionary<string, string> { [SummaryName] = summary };
        }

        return new RankingTableWriter(writer, schema.DataFields);
    }

    /// <summary>Writes the next block.</summary>
    /// <param name="ids">Ids, in order of rank; 1 to <see cref="BlockRows"/>.</param>
    /// <param name="scores">As many.</param>
    /// <param name="easy">How many of them, from the first, are easy.</param>
    /// <param name="cancellationToken">Cancels between columns; the stream then holds a part.</param>
    /// <returns>A task that ends with the block's last byte.</returns>
    public async Task WriteAsync(
        ReadOnlyMemory<ReadOnlyMemory<char>> ids, ReadOnlyMemory<double> scores, int easy, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, ids.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Length, BlockRows);
        var count = ids.Length;
        for (var i = 0; i < count; i++)
        {
            _ranks[i] = _rows + i;
            _easy[i] = i < easy;
        }

        using var group = _writer.CreateRowGroup();
        await group.WriteAsync<long>(_fields[0], _ranks.AsMemory(0, count), cancellationToken: cancellationToken).ConfigureAwait(false);
        await group.WriteAllPartsAsync(_fields[1], ids, null, null, cancellationToken).ConfigureAwait(false);
        await group.WriteAsync<double>(_fields[2], scores, cancellationToken: cancellationToken).ConfigureAwait(false);
        await group.WriteAsync<bool>(_fields[3], _easy.AsMemory(0, count), cancellationToken: cancellationToken).ConfigureAwait(false);
        group.CompleteValidate();
        _rows += count;
    }

    /// <summary>Ends the table.</summary>
    /// <returns>A task that ends with its last byte.</returns>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}

using System.Runtime.InteropServices;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Scores of a data set's images, column by column. Parquet: id (string), score, entropy (double), present (bytes).</summary>
public sealed class ScoreTable
{
    /// <summary>Media type of a stored table.</summary>
    public const string MediaType = ParquetTable.MediaType;

    private readonly double[] _scores;
    private readonly double[] _entropies;
    private readonly bool _hasPresent;
    private readonly Lock _sizing = new();
    private byte[] _present = [];

    internal ScoreTable(int rows, ScoreColumns columns)
    {
        Ids = new IdColumn(rows);
        _scores = new double[rows];
        _entropies = columns.HasFlag(ScoreColumns.Entropy) ? new double[rows] : [];
        _hasPresent = columns.HasFlag(ScoreColumns.Present);
    }

    /// <summary>Number of images.</summary>
    public int Count => _scores.Length;

    /// <summary>The images' ids; unique only where the writer made them so.</summary>
    public IdColumn Ids { get; }

    /// <summary>The ranking scores, no NaN among them.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>The normalised entropies; empty where they were not read.</summary>
    public ReadOnlySpan<double> Entropies => _entropies;

    /// <summary>Bytes of an image's class bits; 0 where they were not read.</summary>
    public int PresentBytes { get; private set; }

    /// <summary>The ranking scores, for work that is shared among threads.</summary>
    public ReadOnlyMemory<double> ScoreMemory => _scores;

    internal Memory<double> WritableScores => _scores;

    internal Memory<double> WritableEntropies => _entropies;

    /// <summary>Which classes are predicted in an image.</summary>
    /// <param name="index">Position of the image.</param>
    /// <returns>Bit k of byte k/8 is class k.</returns>
    public ReadOnlySpan<byte> Present(int index) => _present.AsSpan(index * PresentBytes, PresentBytes);

    /// <summary>Writes a table, 65,536 rows in memory at a time.</summary>
    /// <param name="stream">Receives Parquet.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    public static Task WriteAsync(Stream stream, IEnumerable<ScoreRow> rows, CancellationToken cancellationToken) =>
        ParquetTable.WriteAsync<ScoreRow>(stream, new Columns().All, rows, cancellationToken);

    /// <summary>Reads a table with all of its columns.</summary>
    /// <param name="stream">Parquet; seekable.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArtifactFormatException">It is no score table, or a score is not a number.</exception>
    public static Task<ScoreTable> ReadAsync(Stream stream, CancellationToken cancellationToken) =>
        ReadAsync(stream, ScoreColumns.All, cancellationToken);

    /// <summary>Reads a table, several row groups at a time where the stream is a file or memory.</summary>
    /// <param name="stream">Parquet; seekable.</param>
    /// <param name="columns">What is wanted beside ids and scores; all columns must be there all the same.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArtifactFormatException">It is no score table, or a score is not a number.</exception>
    public static Task<ScoreTable> ReadAsync(Stream stream, ScoreColumns columns, CancellationToken cancellationToken) =>
        ScoreTableReader.ReadAsync(stream, columns, cancellationToken);

    internal int? FirstNaN(int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            if (double.IsNaN(_scores[i]))
            {
                return i;
            }
        }

        return null;
    }

    internal void FillPresent(int start, ReadOnlySpan<ReadOnlyMemory<byte>> bits)
    {
        if (bits.Length == 0 || !_hasPresent)
        {
            return;
        }

        lock (_sizing)
        {
            // Whichever row group is read first settles the length that all must have.
            if (_present.Length == 0)
            {
                PresentBytes = bits[0].Length;
                _present = new byte[checked(PresentBytes * _scores.Length)];
            }
        }

        for (var i = 0; i < bits.Length; i++)
        {
            if (bits[i].Length != PresentBytes)
            {
                throw new ArtifactFormatException($"Image '{Ids[start + i]}' has {bits[i].Length} bytes of class bits where others have {PresentBytes}.");
            }

            bits[i].Span.CopyTo(_present.AsSpan((start + i) * PresentBytes));
        }
    }

    private sealed class Columns
    {
        public TextColumn<ScoreRow> Id { get; } = new("id", row => row.Id);

        public NumberColumn<ScoreRow, double> Score { get; } = new("score", row => row.Score);

        public NumberColumn<ScoreRow, double> Entropy { get; } = new("entropy", row => row.Entropy);

        // A row of whole arrays is passed on as it is; only slices are copied.
        public BytesColumn<ScoreRow> Present { get; } = new(
            "present",
            row => MemoryMarshal.TryGetArray(row.Present, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
                ? segment.Array
                : row.Present.ToArray());

        public IReadOnlyList<TableColumn<ScoreRow>> All => [Id, Score, Entropy, Present];
    }
}

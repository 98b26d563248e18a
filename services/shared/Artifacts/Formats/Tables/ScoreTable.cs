using System.Runtime.InteropServices;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Scores of a data set's images, column by column. Parquet: id (string), score, entropy (double), present (bytes).</summary>
public sealed class ScoreTable
{
    /// <summary>Media type of a stored table.</summary>
    public const string MediaType = ParquetTable.MediaType;

    private readonly double[] _scores;
    private readonly double[] _entropies;
    private byte[] _present = [];
    private int _count;

    private ScoreTable(int rows)
    {
        Ids = new IdColumn(rows);
        _scores = new double[rows];
        _entropies = new double[rows];
    }

    /// <summary>Number of images.</summary>
    public int Count => _count;

    /// <summary>The images' ids; unique only where the writer made them so.</summary>
    public IdColumn Ids { get; }

    /// <summary>The ranking scores, no NaN among them.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>The normalised entropies.</summary>
    public ReadOnlySpan<double> Entropies => _entropies;

    /// <summary>Bytes of an image's class bits.</summary>
    public int PresentBytes { get; private set; }

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

    /// <summary>Reads a table.</summary>
    /// <param name="stream">Parquet; seekable.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArtifactFormatException">It is no score table, or a score is not a number.</exception>
    public static async Task<ScoreTable> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var columns = new Columns();
        ScoreTable? table = null;
        await ParquetTable.ReadAsync(
            stream, columns.All, rows => table = new ScoreTable(rows), count => table!.Append(columns, count), cancellationToken).ConfigureAwait(false);
        return table!;
    }

    private void Append(Columns columns, int count)
    {
        columns.Score.Values[..count].CopyTo(_scores.AsSpan(_count));
        columns.Entropy.Values[..count].CopyTo(_entropies.AsSpan(_count));
        if (_count == 0 && count > 0)
        {
            PresentBytes = columns.Present[0].Length;
            _present = new byte[checked(PresentBytes * _scores.Length)];
        }

        for (var i = 0; i < count; i++)
        {
            if (double.IsNaN(columns.Score[i]))
            {
                throw new ArtifactFormatException($"The score of image '{columns.Id[i]}' is not a number; score the data set again.");
            }

            if (columns.Present[i].Length != PresentBytes)
            {
                throw new ArtifactFormatException($"Image '{columns.Id[i]}' has {columns.Present[i].Length} bytes of class bits where others have {PresentBytes}.");
            }

            Ids.Append(columns.Id[i]);
            columns.Present[i].CopyTo(_present.AsSpan((_count + i) * PresentBytes));
        }

        _count += count;
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

using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>One column of a row group: an array that is filled row by row and moved to and from the file as a whole.</summary>
internal abstract class TableColumn<TRow>
{
    public abstract DataField Field { get; }

    public abstract void Set(int index, in TRow row);

    public abstract Task WriteAsync(ParquetRowGroupWriter group, int count, CancellationToken cancellationToken);

    public abstract Task ReadAsync(ParquetRowGroupReader group, DataField stored, int count, CancellationToken cancellationToken);

    protected ArtifactFormatException Null() => ParquetTable.EmptyCell(Field.Name);
}

using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>A column of numbers or truth values.</summary>
internal sealed class NumberColumn<TRow, T>(string name, Func<TRow, T> value) : TableColumn<TRow>
    where T : struct
{
    private T[] _values = [];

    public override DataField Field { get; } = new DataField<T>(name);

    public T this[int index] => _values[index];

    public ReadOnlySpan<T> Values => _values;

    public override void Set(int index, in TRow row)
    {
        if (_values.Length == 0)
        {
            _values = new T[ParquetTable.RowGroupSize];
        }

        _values[index] = value(row);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group, int count, CancellationToken cancellationToken) =>
        group.WriteAsync<T>(Field, _values.AsMemory(0, count), cancellationToken: cancellationToken);

    public override async Task ReadAsync(ParquetRowGroupReader group, DataField stored, int count, CancellationToken cancellationToken)
    {
        if (_values.Length < count)
        {
            _values = new T[count];
        }

        if (!stored.IsNullable)
        {
            await group.ReadAsync<T>(stored, _values.AsMemory(0, count), cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        // Other writers (pandas, Spark) mark every column as optional, whether or not anything is missing.
        var optional = new T?[count];
        await group.ReadAsync<T>(stored, optional.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < count; i++)
        {
            _values[i] = optional[i] ?? throw Null();
        }
    }
}

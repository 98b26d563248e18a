using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>A column of strings.</summary>
internal sealed class TextColumn<TRow>(string name, Func<TRow, string> value) : TableColumn<TRow>
{
    private string[] _values = [];

    public override DataField Field { get; } = new DataField(name, typeof(string), isNullable: false);

    public string this[int index] => _values[index];

    public override void Set(int index, in TRow row)
    {
        if (_values.Length == 0)
        {
            _values = new string[ParquetTable.RowGroupSize];
        }

        _values[index] = value(row);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group, int count, CancellationToken cancellationToken) =>
        group.WriteAsync(Field, new ArraySegment<string>(_values, 0, count));

    public override async Task ReadAsync(ParquetRowGroupReader group, DataField stored, int count, CancellationToken cancellationToken)
    {
        if (_values.Length < count)
        {
            _values = new string[count];
        }

        await group.ReadAsync(stored, _values.AsMemory(0, count)!, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (Array.IndexOf(_values, null, 0, count) >= 0)
        {
            throw Null();
        }
    }
}

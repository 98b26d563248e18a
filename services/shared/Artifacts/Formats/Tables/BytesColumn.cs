using Parquet;
using Parquet.Schema;

namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>A column of byte strings.</summary>
internal sealed class BytesColumn<TRow>(string name, Func<TRow, byte[]> value) : TableColumn<TRow>
{
    private byte[][] _values = [];

    public override DataField Field { get; } = new DataField(name, typeof(byte[]), isNullable: false);

    public byte[] this[int index] => _values[index];

    public override void Set(int index, in TRow row)
    {
        if (_values.Length == 0)
        {
            _values = new byte[ParquetTable.RowGroupSize][];
        }

        _values[index] = value(row);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group, int count, CancellationToken cancellationToken) =>
        group.WriteAsync(Field, new ArraySegment<byte[]>(_values, 0, count));

    public override async Task ReadAsync(ParquetRowGroupReader group, DataField stored, int count, CancellationToken cancellationToken)
    {
        if (_values.Length < count)
        {
            _values = new byte[count][];
        }

        await group.ReadAsync(stored, _values.AsMemory(0, count)!, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (Array.IndexOf(_values, null, 0, count) >= 0)
        {
            throw Null();
        }
    }
}

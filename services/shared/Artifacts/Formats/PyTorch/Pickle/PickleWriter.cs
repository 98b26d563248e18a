using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>
/// Writes the pickle (protocol 2) of an OrderedDict of tensors, each over a storage of its own that is named by the tensor's number.
/// </summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 12);
    private readonly Dictionary<string, int> _memo = new(StringComparer.Ordinal);

    private PickleWriter()
    {
    }

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<SafetensorsEntry> tensors)
    {
        var writer = new PickleWriter();
        writer.Op(PickleOpcode.Proto);
        writer.Byte(2);
        writer.EmptyOrderedDictionary();
        writer.Op(PickleOpcode.Mark);
        for (var i = 0; i < tensors.Count; i++)
        {
            writer.Text(tensors[i].Name);
            writer.Tensor(tensors[i], i);
        }

        writer.Op(PickleOpcode.SetItems);
        writer.Op(PickleOpcode.Stop);
        return writer._buffer.WrittenMemory;
    }

    private void Tensor(SafetensorsEntry tensor, int number)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op(PickleOpcode.Mark);

        Op(PickleOpcode.Mark);
        Text("storage");
        Global("torch", AllowedGlobals.StorageClass(tensor.DataType));
        Text(number.ToString(CultureInfo.InvariantCulture));
        Text("cpu");
        Number(tensor.Length / tensor.DataType.Size());
        Op(PickleOpcode.Tuple);
        Op(PickleOpcode.BinPersId);

        Number(0);
        Numbers(tensor.Shape);
        Numbers(Strides(tensor.Shape));
        Op(PickleOpcode.NewFalse);
        EmptyOrderedDictionary();
        Op(PickleOpcode.Tuple);
        Op(PickleOpcode.Reduce);
    }

    // As PyTorch counts them: a dimension of 0 is passed over as if it were 1.
    private static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    private void EmptyOrderedDictionary()
    {
        Global("collections", "OrderedDict");
        Op(PickleOpcode.EmptyTuple);
        Op(PickleOpcode.Reduce);
    }

    private void Global(string module, string name)
    {
        var key = $"{module}\n{name}\n";
        if (_memo.TryGetValue(key, out var index))
        {
            Op(PickleOpcode.BinGet);
            Byte((byte)index);
            return;
        }

        Op(PickleOpcode.Global);
        Bytes(Encoding.ASCII.GetBytes(key));
        Op(PickleOpcode.BinPut);
        Byte((byte)_memo.Count);
        _memo.Add(key, _memo.Count);
    }

    private void Numbers(IReadOnlyList<long> numbers)
    {
        Op(PickleOpcode.Mark);
        foreach (var number in numbers)
        {
            Number(number);
        }

        Op(PickleOpcode.Tuple);
    }

    private void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        switch (value)
        {
            case <= byte.MaxValue:
                Op(PickleOpcode.BinInt1);
                Bytes(bytes[..1]);
                break;
            case <= int.MaxValue:
                Op(PickleOpcode.BinInt);
                Bytes(bytes[..4]);
                break;
            default:
                Op(PickleOpcode.Long1);
                Byte(sizeof(long));
                Bytes(bytes);
                break;
        }
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Op(PickleOpcode.BinUnicode);
        Bytes(length);
        Bytes(bytes);
    }

    private void Op(PickleOpcode opcode) => Byte((byte)opcode);

    private void Byte(byte value) => Bytes([value]);

    private void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}

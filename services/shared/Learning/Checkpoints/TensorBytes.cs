using IntraDA.Artifacts.Formats.Safetensors;
using static TorchSharp.torch;

namespace IntraDA.Learning.Checkpoints;

/// <summary>Tensors to and from the entries of safetensors files.</summary>
public static class TensorBytes
{
    /// <summary>The entry of a tensor, without copying values that are contiguous in main memory.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="tensor">Values; must stay alive until the file is written.</param>
    /// <returns>The entry.</returns>
    public static SafetensorsEntry ToEntry(string name, Tensor tensor) =>
        new(name, ToDataType(tensor.dtype), tensor.shape, (stream, cancellationToken) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
            return ValueTask.CompletedTask;
        });

    /// <summary>Reads a tensor.</summary>
    /// <param name="reader">The open file.</param>
    /// <param name="entry">The tensor's entry.</param>
    /// <returns>A tensor in main memory; the caller owns it.</returns>
    public static Tensor Read(SafetensorsReader reader, SafetensorsTensor entry)
    {
        var tensor = empty([.. entry.Shape], ToScalarType(entry.DataType));
        if (entry.Length > 0)
        {
            reader.Read(entry, tensor.bytes);
        }

        return tensor;
    }

    /// <summary>Torch's name of an element type.</summary>
    /// <param name="type">The file's.</param>
    /// <returns>Torch's.</returns>
    public static ScalarType ToScalarType(SafetensorsDataType type) => type switch
    {
        SafetensorsDataType.Bool => ScalarType.Bool,
        SafetensorsDataType.U8 => ScalarType.Byte,
        SafetensorsDataType.I8 => ScalarType.Int8,
        SafetensorsDataType.I16 => ScalarType.Int16,
        SafetensorsDataType.I32 => ScalarType.Int32,
        SafetensorsDataType.I64 => ScalarType.Int64,
        SafetensorsDataType.F16 => ScalarType.Float16,
        SafetensorsDataType.BF16 => ScalarType.BFloat16,
        SafetensorsDataType.F32 => ScalarType.Float32,
        SafetensorsDataType.F64 => ScalarType.Float64,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The file's name of an element type.</summary>
    /// <param name="type">Torch's.</param>
    /// <returns>The file's.</returns>
    /// <exception cref="CheckpointException">Files have no such type.</exception>
    public static SafetensorsDataType ToDataType(ScalarType type) => type switch
    {
        ScalarType.Bool => SafetensorsDataType.Bool,
        ScalarType.Byte => SafetensorsDataType.U8,
        ScalarType.Int8 => SafetensorsDataType.I8,
        ScalarType.Int16 => SafetensorsDataType.I16,
        ScalarType.Int32 => SafetensorsDataType.I32,
        ScalarType.Int64 => SafetensorsDataType.I64,
        ScalarType.Float16 => SafetensorsDataType.F16,
        ScalarType.BFloat16 => SafetensorsDataType.BF16,
        ScalarType.Float32 => SafetensorsDataType.F32,
        ScalarType.Float64 => SafetensorsDataType.F64,
        _ => throw new CheckpointException($"Tensors of type {type} cannot be stored in safetensors."),
    };
}

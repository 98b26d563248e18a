using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// Tensors of one form as entries for the writer of the other (or the same). Bytes pass from file to file when the writer asks for
/// them, so that memory holds a piece at a time.
/// </summary>
public static class CheckpointConversion
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The entry of a checkpoint's tensor.</summary>
    /// <param name="reader">The open checkpoint; it must stay open until the entry is written.</param>
    /// <param name="tensor">One of its tensors.</param>
    /// <returns>The entry.</returns>
    public static SafetensorsEntry ToEntry(PyTorchReader reader, PyTorchTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(tensor);
        return new SafetensorsEntry(
            tensor.Name, tensor.DataType, tensor.Shape, (stream, cancellationToken) => reader.CopyToAsync(tensor, stream, cancellationToken));
    }

    /// <summary>The entry of a safetensors file's tensor.</summary>
    /// <param name="file">The open file at any position; it must stay open until the entry is written.</param>
    /// <param name="tensor">One of its tensors, as a reader of the file from position 0 gives it.</param>
    /// <returns>The entry.</returns>
    public static SafetensorsEntry ToEntry(Stream file, SafetensorsTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tensor);
        return new SafetensorsEntry(
            tensor.Name, tensor.DataType, tensor.Shape, (stream, cancellationToken) => CopyAsync(file, tensor, stream, cancellationToken));
    }

    private static async ValueTask CopyAsync(Stream file, SafetensorsTensor tensor, Stream destination, CancellationToken cancellationToken)
    {
        var chunk = new byte[(int)Math.Min(ChunkBytes, tensor.Length)];
        file.Position = tensor.Offset;
        for (var left = tensor.Length; left > 0; left -= chunk.Length)
        {
            var part = chunk.AsMemory(0, (int)Math.Min(chunk.Length, left));
            await file.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            await destination.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }
}

using IntraDA.Artifacts.Formats.PyTorch.Pickle;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>Brings the elements of a strided tensor into row-major order.</summary>
internal static class TensorGather
{
    /// <summary>Copies a tensor's elements.</summary>
    /// <param name="tensor">Its shape and strides.</param>
    /// <param name="extent">The storage from the tensor's first element to its last.</param>
    /// <param name="destination">All its elements.</param>
    public static void Copy(PickledTensor tensor, ReadOnlySpan<byte> extent, Span<byte> destination)
    {
        var size = tensor.Storage.Element.Size;
        var (shape, strides) = (tensor.Shape, tensor.Strides);
        var index = new long[shape.Length];
        var from = 0L;
        for (var to = 0; to < destination.Length; to += size)
        {
            extent.Slice((int)(from * size), size).CopyTo(destination[to..]);
            for (var i = shape.Length - 1; i >= 0; i--)
            {
                from += strides[i];
                if (++index[i] < shape[i])
                {
                    break;
                }

                from -= index[i] * strides[i];
                index[i] = 0;
            }
        }
    }

    /// <summary>Turns elements with the most significant byte first into little-endian ones.</summary>
    /// <param name="bytes">Whole elements.</param>
    /// <param name="size">Bytes of one.</param>
    public static void Reverse(Span<byte> bytes, int size)
    {
        for (var at = 0; size > 1 && at < bytes.Length; at += size)
        {
            bytes.Slice(at, size).Reverse();
        }
    }
}

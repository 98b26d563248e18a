using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>Reads and writes the memory of a tensor on the CPU without copying it.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first value of a dense tensor.</summary>
    /// <param name="tensor">Dense, on the CPU; it must stay alive and undisposed while the pointer is used.</param>
    /// <returns>The address.</returns>
    public static float* Pointer(Tensor tensor)
    {
        // TorchSharp gives spans of contiguous tensors only; this view of the same memory is contiguous whatever the order of the axes.
        using var flat = tensor.as_strided([tensor.NumberOfElements], [1]);
        fixed (byte* first = flat.bytes)
        {
            // Native memory: nothing moves it after the pin has ended.
            return (float*)first;
        }
    }
}

using System.Runtime.Intrinsics;
using IntraDA.Learning.Inference.Fast;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Updates;

/// <summary>
/// Updates of float32 tensors on the CPU in one pass over memory: value, gradient and buffer are read once, whatever the number of operations and
/// repeats, where tensor operations would read and write them in each.
/// </summary>
public static unsafe class DenseUpdates
{
    private const int Lanes = 16;
    private const int Piece = 1 << 16;

    /// <summary>Whether tensors can be updated here.</summary>
    /// <param name="tensors">Value, gradient and buffers.</param>
    /// <returns>True where all are float32, contiguous and on the CPU.</returns>
    public static bool Takes(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor.dtype != ScalarType.Float32 || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Updates a tensor as <c>buffer = momentum * buffer + (gradient + decay * value); value -= rate * buffer</c>, rounded as libtorch rounds.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="buffer">Its momentum buffer.</param>
    /// <param name="update">The step.</param>
    public static void Momentum(Tensor value, Tensor gradient, Tensor buffer, MomentumUpdate update)
    {
        var count = value.NumberOfElements;
        var values = TensorMemory.Pointer(value);
        var gradients = TensorMemory.Pointer(gradient);
        var buffers = TensorMemory.Pointer(buffer);
        ComputeThreads.For((int)((count + Piece - 1) / Piece), piece =>
        {
            var first = (long)piece * Piece;
            Momentum(values + first, gradients + first, buffers + first, (int)Math.Min(Piece, count - first), update);
        });
        GC.KeepAlive(gradient);
    }

    private static void Momentum(float* values, float* gradients, float* buffers, int count, MomentumUpdate update)
    {
        var keep = update.Starts ? 0 : update.Momentum;
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var (value, gradient, buffer) = (Vector512.Load(values + i), Vector512.Load(gradients + i), Vector512.Load(buffers + i));
            for (var repeat = 0; repeat < update.Repeats; repeat++)
            {
                buffer = (buffer * keep) + Vector512.FusedMultiplyAdd(value, Vector512.Create(update.WeightDecay), gradient);
                value = Vector512.FusedMultiplyAdd(buffer, Vector512.Create(-update.Rate), value);
            }

            buffer.Store(buffers + i);
            value.Store(values + i);
        }

        for (; i < count; i++)
        {
            for (var repeat = 0; repeat < update.Repeats; repeat++)
            {
                buffers[i] = (buffers[i] * keep) + MathF.FusedMultiplyAdd(values[i], update.WeightDecay, gradients[i]);
                values[i] = MathF.FusedMultiplyAdd(buffers[i], -update.Rate, values[i]);
            }
        }
    }
}

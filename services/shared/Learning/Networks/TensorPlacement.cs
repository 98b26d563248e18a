using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>Where a network's tensors live and in which precision.</summary>
/// <param name="Type">float32, or float64 for comparison with the published numbers.</param>
/// <param name="Device">CPU or a CUDA device.</param>
/// <param name="Products">Precision of the factors of convolutions, and of activations between them: null for <paramref name="Type"/>, or bfloat16
/// for mixed precision. Weights, gradients, statistics, logits and losses keep <paramref name="Type"/>.</param>
public sealed record TensorPlacement(ScalarType Type, Device Device, ScalarType? Products = null)
{
    /// <summary>float32 on the CPU.</summary>
    public static TensorPlacement Cpu { get; } = new(ScalarType.Float32, CPU);

    /// <summary>
    /// Whether dilated convolutions to few channels, which are DeepLab-v2's classifiers, are computed as one product of all taps and then folded.
    /// libtorch's backward pass of a convolution whose dilation comes near the size of the map runs at 5 to 15 GFLOP/s on processors; this one runs at
    /// the rate of the matrix product, and forward passes are as fast as before. Values agree up to the order of sums.
    /// </summary>
    public bool FoldsDilations { get; init; }
}

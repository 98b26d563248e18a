using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// Chooses how convolutions are computed: float32 by products of this project's own where the processor has the vectors for them, bfloat16 by
/// oneDNN's packed kernels where they can be trusted, everything else by libtorch's public operators.
/// </summary>
/// <param name="precision">float32 or bfloat16.</param>
/// <param name="kernels">oneDNN's packed kernels; null to do without.</param>
/// <param name="products">Whether float32 is computed by <see cref="PackedMatrix"/>.</param>
internal sealed class FoldedConvs(EnginePrecision precision, OneDnnKernels? kernels, bool products)
{
    private readonly bool _products = products && precision == EnginePrecision.Full;

    /// <summary>What the convolutions read and write.</summary>
    public ScalarType Type { get; } = precision == EnginePrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>The ways that are fast here.</summary>
    /// <param name="precision">float32 or bfloat16.</param>
    /// <returns>The choice.</returns>
    public static FoldedConvs ForThisProcessor(EnginePrecision precision) => new(precision, OneDnnKernels.Shared, PackedMatrix.IsFast);

    /// <summary>A convolution of any shape.</summary>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <param name="geometry">Stride, padding, dilation.</param>
    /// <returns>The convolution.</returns>
    public IResidualConv Direct(Tensor weight, Tensor bias, ConvGeometry geometry)
    {
        var (typed, shift) = (weight.to(Type).contiguous(), bias.to(Type));
        return kernels is null
            ? new PlainConv(typed, shift, geometry)
            : new PackedConv(kernels, typed.alias().DetachFromDisposeScope(), shift.alias().DetachFromDisposeScope(), geometry);
    }

    /// <summary>A 1x1 convolution.</summary>
    /// <param name="weight"><c>[out, in, 1, 1]</c>.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <param name="stride">Pixels.</param>
    /// <returns>The convolution.</returns>
    public IResidualConv Pointwise(Tensor weight, Tensor bias, long stride) =>
        _products && PackedMatrix.Takes(weight.shape[0])
            ? new MatrixConv(weight, bias, stride)
            : Direct(weight, bias, new ConvGeometry(stride, Padding: 0, Dilation: 1));

    /// <summary>A 3x3 convolution of stride 1.</summary>
    /// <param name="weight"><c>[out, in, 3, 3]</c>, float64.</param>
    /// <param name="bias"><c>[out]</c>, float64.</param>
    /// <param name="dilation">Spacing of the taps, and padding.</param>
    /// <returns>The convolution.</returns>
    public IFoldedConv Filter(Tensor weight, Tensor bias, int dilation) =>
        // In half precision the transforms would cost more digits than the check at load lets pass, and the direct way is fast enough.
        _products && WinogradConv.Takes(weight.shape[1], weight.shape[0])
            ? new WinogradConv(weight, bias, dilation)
            : Direct(weight, bias, new ConvGeometry(Stride: 1, dilation, dilation));
}

using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A convolution by oneDNN's packed kernels, packed for the size of the first input it sees.</summary>
/// <param name="kernels">The kernels.</param>
/// <param name="weight"><c>[out, in, k, k]</c>; owned.</param>
/// <param name="bias"><c>[out]</c>; owned.</param>
/// <param name="geometry">Stride, padding, dilation.</param>
internal sealed class PackedConv(OneDnnKernels kernels, Tensor weight, Tensor bias, ConvGeometry geometry) : IResidualConv
{
    private readonly Lock _packing = new();
    private volatile Tensor? _packed;

    /// <inheritdoc />
    public Tensor Forward(Tensor input, bool relu) => kernels.Conv(input, Packed(input), bias, geometry, relu);

    /// <inheritdoc />
    public void AddRelu(Tensor sum, Tensor input) => kernels.AddConvRelu(sum, input, Packed(input), bias);

    /// <inheritdoc />
    public void Dispose()
    {
        weight.Dispose();
        _packed?.Dispose();
        bias.Dispose();
    }

    private Tensor Packed(Tensor input)
    {
        if (_packed is { } ready)
        {
            return ready;
        }

        lock (_packing)
        {
            if (_packed is null)
            {
                _packed = kernels.PackConv(input, weight, geometry).DetachFromDisposeScope();
                // The packed form is all that is used from now on; both together would double the network's memory.
                weight.Dispose();
            }

            return _packed;
        }
    }
}

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>A square convolution.</summary>
public sealed class ConvLayer
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly long[] _dilation;

    /// <summary>Creates the layer; weights are zero until they are initialised or loaded.</summary>
    /// <param name="registry">Where its tensors are registered, under the layer's own name.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Kernel size, pixels.</param>
    /// <param name="stride">Stride, pixels.</param>
    /// <param name="padding">Zero padding on each side, pixels.</param>
    /// <param name="dilation">Spacing of the kernel's taps, pixels.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public ConvLayer(
        ParameterRegistry registry, int inputs, int outputs, int kernel, int stride = 1, int padding = 0, int dilation = 1, bool bias = false)
    {
        _weight = registry.Weight("weight", outputs, inputs, kernel, kernel);
        _bias = bias ? registry.Bias("bias", outputs, inputs * kernel * kernel) : null;
        (_stride, _padding, _dilation) = ([stride, stride], [padding, padding], [dilation, dilation]);
    }

    /// <summary>Convolves.</summary>
    /// <param name="input"><c>[N, in, H, W]</c>.</param>
    /// <returns><c>[N, out, H', W']</c>.</returns>
    public Tensor Forward(Tensor input) => functional.conv2d(input, _weight, _bias, _stride, _padding, _dilation);
}

using IntraDA.Learning.Inference.Fast;
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
    private readonly ScalarType _type;
    private readonly ScalarType? _products;
    private readonly bool _folds;

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
        (_type, _products) = (registry.Placement.Type, registry.Placement.Products);
        (_stride, _padding, _dilation) = ([stride, stride], [padding, padding], [dilation, dilation]);
        _folds = registry.Placement.FoldsDilations && dilation > 1 && stride == 1 && 2 * padding == dilation * (kernel - 1)
            && 2 * outputs * kernel * kernel <= inputs;
    }

    /// <summary>Convolves.</summary>
    /// <param name="input"><c>[N, in, H, W]</c>.</param>
    /// <returns><c>[N, out, H', W']</c>.</returns>
    /// <remarks>In mixed precision the result has the precision of the products.</remarks>
    public Tensor Forward(Tensor input)
    {
        if (_products is not { } type)
        {
            return Convolve(input, _weight, _bias);
        }

        using var scope = NewDisposeScope();
        // libtorch has this as autocast; TorchSharp has not.
        return Convolve(input.to(type), _weight.to(type), _bias?.to(type)).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(Tensor input, Tensor weight, Tensor? bias)
    {
        if (weight.shape[0] == 1 && ChannelBlocks.AreUsedFor(input))
        {
            return Multiply(input, weight, bias);
        }

        if (_folds)
        {
            return Fold(input, weight, bias);
        }

        var blocks = ChannelBlocks.Of(input, weight);
        if (blocks.AreWhole)
        {
            return functional.conv2d(input, weight, bias, _stride, _padding, _dilation);
        }

        using var scope = NewDisposeScope();
        var padded = functional.conv2d(
            blocks.PadInput(input), blocks.PadWeight(weight), bias is null ? null : blocks.PadBias(bias), _stride, _padding, _dilation);
        return blocks.CutOutput(padded).MoveToOuterDisposeScope();
    }

    // One output channel fills a sixteenth of a block: on small maps the product of windows takes a third of a discriminator's time off.
    private Tensor Multiply(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var kernel = weight.shape[2];
        var windows = functional.unfold(input, kernel, _dilation[0], _padding[0], _stride[0]);
        var product = matmul(weight.reshape(1, -1), windows).reshape(input.shape[0], 1, Side(input.shape[2]), Side(input.shape[3]));
        return (bias is null ? product : product + bias).MoveToOuterDisposeScope();

        long Side(long pixels) => ((pixels + (2 * _padding[0]) - (_dilation[0] * (kernel - 1)) - 1) / _stride[0]) + 1;
    }

    // All taps' products at once, each then added where its tap points to. The taps of the flipped kernel point to where those of the kernel
    // take from.
    private Tensor Fold(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (count, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var taps = weight.flip(2, 3).permute(0, 2, 3, 1).reshape(-1, channels);
        var products = input.stride()[1] == 1
            ? matmul(PixelRows.Of(input), taps.t()).reshape(count, height * width, -1).transpose(1, 2)
            : matmul(taps, input.reshape(count, channels, height * width));
        var sum = functional.fold(
            products.to(_type), (height, width), (weight.shape[2], weight.shape[3]), (_dilation[0], _dilation[1]), (_padding[0], _padding[1]), (1, 1));
        return (bias is null ? sum : sum + bias.to(_type).reshape(1, -1, 1, 1)).to(input.dtype).MoveToOuterDisposeScope();
    }
}

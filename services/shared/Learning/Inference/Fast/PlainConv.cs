using IntraDA.Learning.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A convolution by libtorch's public operators: those that are right on every processor.</summary>
internal sealed class PlainConv : IResidualConv
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly ConvGeometry _geometry;
    private readonly bool _isProduct;

    /// <summary>Creates the convolution.</summary>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <param name="geometry">Stride, padding, dilation.</param>
    public PlainConv(Tensor weight, Tensor bias, ConvGeometry geometry)
    {
        using var scope = NewDisposeScope();
        _geometry = geometry;
        // As a product, because oneDNN's 1x1 kernels of this order end the process where the processor reports no caches.
        _isProduct = weight.shape[2] == 1;
        _weight = (_isProduct ? weight.reshape(weight.shape[0], weight.shape[1]).t() : MemoryOrder.ChannelsLast(weight))
            .alias().DetachFromDisposeScope();
        _bias = bias.alias().DetachFromDisposeScope();
    }

    /// <inheritdoc />
    public Tensor Forward(Tensor input, bool relu)
    {
        using var scope = NewDisposeScope();
        var result = _isProduct ? Product(PixelRows.Thin(input, _geometry.Stride)) : Convolution(input);
        return (relu ? result.relu_() : result).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void AddRelu(Tensor sum, Tensor input)
    {
        using var scope = NewDisposeScope();
        PixelRows.Of(sum).addmm_(PixelRows.Of(input), _weight, beta: 1, alpha: 1).add_(_bias).relu_();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }

    private Tensor Product(Tensor input) =>
        addmm(_bias, PixelRows.Of(input), _weight, beta: 1, alpha: 1).reshape(input.shape[0], input.shape[2], input.shape[3], -1).permute(0, 3, 1, 2);

    private Tensor Convolution(Tensor input) => functional.conv2d(
        input,
        _weight,
        _bias,
        [_geometry.Stride, _geometry.Stride],
        [_geometry.Padding, _geometry.Padding],
        [_geometry.Dilation, _geometry.Dilation]);
}

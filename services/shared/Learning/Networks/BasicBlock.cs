using IntraDA.Learning.Numbers;
using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>The residual block of the compact network: two dilated 3x3 convolutions with group normalisation.</summary>
internal sealed class BasicBlock
{
    private readonly ConvLayer _conv1;
    private readonly ConvLayer _conv2;
    private readonly INormLayer _norm1;
    private readonly INormLayer _norm2;
    private readonly ResidualConnection _shortcut;

    public BasicBlock(
        ParameterRegistry registry, int inputs, int outputs, int stride, int dilation, Func<ParameterRegistry, int, INormLayer> norm)
    {
        _conv1 = new ConvLayer(registry.Under("conv1"), inputs, outputs, kernel: 3, stride, padding: dilation, dilation: dilation);
        _norm1 = norm(registry.Under("norm1"), outputs);
        _conv2 = new ConvLayer(registry.Under("conv2"), outputs, outputs, kernel: 3, padding: dilation, dilation: dilation);
        _norm2 = norm(registry.Under("norm2"), outputs);
        _shortcut = new ResidualConnection(registry, inputs, outputs, stride, project: stride != 1 || inputs != outputs, norm);
    }

    public Tensor Forward(Tensor input, NormMode mode)
    {
        using var scope = NewDisposeScope();
        var x = _norm1.Forward(_conv1.Forward(input), mode).relu_();
        x = _norm2.Forward(_conv2.Forward(x), mode);
        return x.Plus(_shortcut.Forward(input, mode)).relu_().MoveToOuterDisposeScope();
    }
}

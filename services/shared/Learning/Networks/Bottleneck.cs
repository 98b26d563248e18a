using IntraDA.Learning.Numbers;
using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>The residual block of ResNet-50 and ResNet-101: 1x1, dilated 3x3, 1x1. The stride is in the first convolution, as published.</summary>
internal sealed class Bottleneck
{
    public const int Expansion = 4;

    private readonly ConvLayer _conv1;
    private readonly ConvLayer _conv2;
    private readonly ConvLayer _conv3;
    private readonly BatchNormLayer _bn1;
    private readonly BatchNormLayer _bn2;
    private readonly BatchNormLayer _bn3;
    private readonly ResidualConnection _shortcut;

    public Bottleneck(ParameterRegistry registry, int inputs, int planes, int stride, int dilation, bool project)
    {
        _conv1 = new ConvLayer(registry.Under("conv1"), inputs, planes, kernel: 1, stride);
        _bn1 = new BatchNormLayer(registry.Under("bn1"), planes);
        _conv2 = new ConvLayer(registry.Under("conv2"), planes, planes, kernel: 3, padding: dilation, dilation: dilation);
        _bn2 = new BatchNormLayer(registry.Under("bn2"), planes);
        _conv3 = new ConvLayer(registry.Under("conv3"), planes, planes * Expansion, kernel: 1);
        _bn3 = new BatchNormLayer(registry.Under("bn3"), planes * Expansion);
        _shortcut = new ResidualConnection(registry, inputs, planes * Expansion, stride, project, (r, c) => new BatchNormLayer(r, c));
    }

    public Tensor Forward(Tensor input, NormMode mode)
    {
        using var scope = NewDisposeScope();
        var x = _bn1.Forward(_conv1.Forward(input), mode).relu_();
        x = _bn2.Forward(_conv2.Forward(x), mode).relu_();
        x = _bn3.Forward(_conv3.Forward(x), mode);
        return x.Plus(_shortcut.Forward(input, mode)).relu_().MoveToOuterDisposeScope();
    }
}

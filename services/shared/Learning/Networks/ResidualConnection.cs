using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>The shortcut of a residual block: the input itself, or a 1x1 convolution and normalisation where shapes change.</summary>
internal sealed class ResidualConnection
{
    private readonly ConvLayer? _conv;
    private readonly INormLayer? _norm;

    public ResidualConnection(
        ParameterRegistry registry, int inputs, int outputs, int stride, bool project, Func<ParameterRegistry, int, INormLayer> norm)
    {
        if (project)
        {
            _conv = new ConvLayer(registry.Under("downsample.0"), inputs, outputs, kernel: 1, stride);
            _norm = norm(registry.Under("downsample.1"), outputs);
        }
    }

    public Tensor Forward(Tensor input, NormMode mode) => _conv is null ? input : _norm!.Forward(_conv.Forward(input), mode);
}

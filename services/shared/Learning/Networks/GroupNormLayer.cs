using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>
/// Group normalisation (Wu and He, ECCV 2018): no running statistics, so nothing of one domain leaks into another through them.
/// </summary>
public sealed class GroupNormLayer : INormLayer
{
    private const double Epsilon = 1e-5;

    private readonly Tensor _gain;
    private readonly Tensor _bias;
    private readonly long _groups;

    /// <summary>Creates the layer.</summary>
    /// <param name="registry">Where its tensors are registered, under the layer's own name.</param>
    /// <param name="channels">Channels, a multiple of <paramref name="groupSize"/>.</param>
    /// <param name="groupSize">Channels that share statistics.</param>
    public GroupNormLayer(ParameterRegistry registry, int channels, int groupSize)
    {
        _gain = registry.Gain("weight", channels);
        _bias = registry.Bias("bias", channels);
        _groups = channels / groupSize;
    }

    /// <inheritdoc />
    public Tensor Forward(Tensor input, NormMode mode) => functional.group_norm(input, _groups, _gain, _bias, Epsilon);
}

using IntraDA.Learning.Numbers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>Batch normalisation whose gain and bias are frozen, as in the published network.</summary>
public sealed class BatchNormLayer : INormLayer
{
    /// <summary>Added to variances.</summary>
    public const double Epsilon = 1e-5;

    private const double Momentum = 0.1;

    private readonly Tensor _gain;
    private readonly Tensor _bias;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly Tensor _count;

    /// <summary>Creates the layer.</summary>
    /// <param name="registry">Where its tensors are registered, under the layer's own name.</param>
    /// <param name="channels">Channels.</param>
    public BatchNormLayer(ParameterRegistry registry, int channels)
    {
        _gain = registry.Gain("weight", channels, learned: false);
        _bias = registry.Bias("bias", channels, learned: false);
        (_mean, _variance, _count) = registry.RunningStatistics(channels);
    }

    /// <inheritdoc />
    public Tensor Forward(Tensor input, NormMode mode)
    {
        if (mode == NormMode.Evaluate)
        {
            return functional.batch_norm(input, _mean, _variance, _gain, _bias, training: false, Momentum, Epsilon);
        }

        _count.PlusInPlace(1L);
        // 1/n makes the exponential average the plain mean of all n batches.
        var momentum = mode == NormMode.Train ? Momentum : 1.0 / _count.item<long>();
        return functional.batch_norm(input, _mean, _variance, _gain, _bias, training: true, momentum, Epsilon);
    }
}

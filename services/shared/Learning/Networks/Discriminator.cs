using IntraDA.Learning.Numbers;
using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>
/// Tells the domain of a weighted self-information map patch by patch: five 4x4 convolutions of stride 2 with leaky ReLU 0.2
/// (Vu et al., CVPR 2019, section 4.2; DCGAN's discriminator).
/// </summary>
public sealed class Discriminator : IDisposable
{
    private const int Layers = 5;
    private const double Slope = 0.2;

    private readonly ParameterRegistry _registry;
    private readonly ConvLayer[] _convs;

    /// <summary>Creates a discriminator with zero weights; initialise or load it before use.</summary>
    /// <param name="classes">Channels of the maps.</param>
    /// <param name="width">Channels of the first layer; each of the next three has twice as many (published: 64).</param>
    /// <param name="placement">Precision and device.</param>
    public Discriminator(int classes, int width, TensorPlacement placement)
    {
        _registry = new ParameterRegistry(placement);
        _convs = new ConvLayer[Layers];
        var inputs = classes;
        for (var i = 0; i < Layers; i++)
        {
            var outputs = i == Layers - 1 ? 1 : width << i;
            // Odd numbers belong to the activations in the published sequence.
            _convs[i] = new ConvLayer(_registry.Under($"{2 * i}"), inputs, outputs, kernel: 4, stride: 2, padding: 1, bias: true);
            inputs = outputs;
        }
    }

    /// <summary>All tensors, in state-dict order.</summary>
    public IReadOnlyList<NetworkTensor> Tensors => _registry.Tensors;

    /// <summary>Computes domain logits.</summary>
    /// <param name="maps">Self-information maps, <c>[N, C, H, W]</c>, H and W at least 32.</param>
    /// <returns><c>[N, 1, H/32, W/32]</c>; below 0 the source side, above 0 the target side.</returns>
    public Tensor Forward(Tensor maps)
    {
        var x = maps;
        foreach (var conv in _convs.AsSpan(0, Layers - 1))
        {
            x = conv.Forward(x).LeakyRectified(Slope);
        }

        return _convs[^1].Forward(x).to(_registry.Placement.Type);
    }

    /// <summary>Switches gradients of the weights on or off; off, it still passes gradients to its input.</summary>
    /// <param name="learning">Whether the weights collect gradients.</param>
    public void SetLearning(bool learning)
    {
        foreach (var tensor in Tensors)
        {
            tensor.Value.requires_grad = learning;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _registry.Dispose();
}

using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// Kernels with the batch normalisation behind them folded in: w' = w g / sqrt(v + e), b' = b - m g / sqrt(v + e). Folded in float64, so that the
/// one rounding that remains is the last.
/// </summary>
/// <param name="network">The network.</param>
internal sealed class FoldedWeights(SegmentationNetwork network)
{
    private readonly Dictionary<string, Tensor> _tensors = network.Tensors.ToDictionary(t => t.Name, t => t.Value, StringComparer.Ordinal);

    /// <summary>Whether the network has a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True where it has.</returns>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>A tensor as it is.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The network's own tensor.</returns>
    public Tensor this[string name] => _tensors[name];

    /// <summary>Folds.</summary>
    /// <param name="conv">Prefix of the convolution.</param>
    /// <param name="norm">Prefix of the batch normalisation.</param>
    /// <returns>Kernel <c>[out, in, k, k]</c> and bias <c>[out]</c>, float64; the caller owns them.</returns>
    public (Tensor Weight, Tensor Bias) Fold(string conv, string norm)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var scale = Wide($"{norm}.weight") / (Wide($"{norm}.running_var") + BatchNormLayer.Epsilon).sqrt();
        var weight = Wide($"{conv}.weight") * scale.reshape(-1, 1, 1, 1);
        var bias = Wide($"{norm}.bias") - (Wide($"{norm}.running_mean") * scale);
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    private Tensor Wide(string name) => _tensors[name].detach().to(ScalarType.Float64);
}

using System.Globalization;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// DeepLab-v2 for inference on processors: batch normalisations folded into the convolutions, channels-last, bias, residual and ReLU inside the
/// convolutions, 3x3 convolutions as matrix products on transformed windows, no auxiliary classifier.
/// </summary>
internal sealed class FoldedDeepLab : IFastNetwork
{
    private static readonly int[] Rates = [6, 12, 18, 24];

    private readonly FoldedConvs _convs;
    private readonly IFoldedConv _stem;
    private readonly List<FoldedBottleneck> _blocks = [];
    private readonly FoldedClassifier _classifier;

    /// <summary>Folds a network.</summary>
    /// <param name="convs">Makes its convolutions.</param>
    /// <param name="network">The network; left as it is.</param>
    public FoldedDeepLab(FoldedConvs convs, DeepLabV2 network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _convs = convs;
        var weights = new FoldedWeights(network);
        var (stem, shift) = weights.Fold("conv1", "bn1");
        _stem = convs.Direct(stem, shift, new ConvGeometry(Stride: 2, Padding: 3, Dilation: 1));
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var block = 0; weights.Has(string.Create(CultureInfo.InvariantCulture, $"layer{stage}.{block}.conv1.weight")); block++)
            {
                _blocks.Add(Block(weights, stage, block));
            }
        }

        _classifier = new FoldedClassifier(
            convs,
            [.. Rates.Select((_, i) => (weights[$"layer6.conv2d_list.{i}.weight"], weights[$"layer6.conv2d_list.{i}.bias"]))],
            Rates);
    }

    /// <inheritdoc />
    public Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var x = _stem.Forward(images.to(_convs.Type), relu: true);
        x = functional.max_pool2d(x, 3, 2, 1, ceil_mode: true);
        foreach (var block in _blocks)
        {
            x = block.Forward(x);
        }

        return _classifier.Forward(x).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stem.Dispose();
        _blocks.ForEach(b => b.Dispose());
        _classifier.Dispose();
    }

    private FoldedBottleneck Block(FoldedWeights weights, int stage, int block)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"layer{stage}.{block}");
        var stride = stage == 2 && block == 0 ? 2 : 1;
        var dilation = stage switch { 3 => 2, 4 => 4, _ => 1 };
        var projects = weights.Has($"{prefix}.downsample.0.weight");
        return new FoldedBottleneck(
            Pointwise(weights, $"{prefix}.conv1", $"{prefix}.bn1", stride),
            Middle(weights, $"{prefix}.conv2", $"{prefix}.bn2", dilation),
            Pointwise(weights, $"{prefix}.conv3", $"{prefix}.bn3", stride: 1),
            projects ? Pointwise(weights, $"{prefix}.downsample.0", $"{prefix}.downsample.1", stride) : null);
    }

    private IResidualConv Pointwise(FoldedWeights weights, string conv, string norm, long stride)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = weights.Fold(conv, norm);
        return _convs.Pointwise(weight, bias, stride);
    }

    private IFoldedConv Middle(FoldedWeights weights, string conv, string norm, int dilation)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = weights.Fold(conv, norm);
        return _convs.Filter(weight, bias, dilation);
    }
}

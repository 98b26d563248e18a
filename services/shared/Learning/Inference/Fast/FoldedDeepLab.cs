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

    private readonly ScalarType _type;
    private readonly FoldedConv _stem;
    private readonly List<FoldedBottleneck> _blocks = [];
    private readonly FoldedClassifier _classifier;
    private readonly OneDnnKernels _kernels;

    /// <summary>Folds a network.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="network">The network; left as it is.</param>
    /// <param name="precision">Precision of the convolutions.</param>
    /// <param name="inputWidth">Width of the images that are to be fast.</param>
    /// <param name="inputHeight">Their height.</param>
    public FoldedDeepLab(OneDnnKernels kernels, DeepLabV2 network, EnginePrecision precision, int inputWidth, int inputHeight)
    {
        using var noGradient = no_grad();
        _kernels = kernels;
        _type = precision == EnginePrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var weights = new FoldedWeights(network);
        _stem = Conv(weights, "conv1", "bn1", new ConvGeometry(Stride: 2, Padding: 3, Dilation: 1));
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var block = 0; weights.Has(string.Create(CultureInfo.InvariantCulture, $"layer{stage}.{block}.conv1.weight")); block++)
            {
                _blocks.Add(Block(weights, stage, block));
            }
        }

        _classifier = new FoldedClassifier(
            kernels,
            [.. Rates.Select((_, i) => (weights[$"layer6.conv2d_list.{i}.weight"], weights[$"layer6.conv2d_list.{i}.bias"]))],
            Rates,
            _type,
            rows: ((inputWidth / 8) + 1L) * ((inputHeight / 8) + 1));
    }

    /// <inheritdoc />
    public Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var x = _stem.Forward(images.to(_type), relu: true);
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
        var middle = weights[$"{prefix}.conv2.weight"];
        // In half precision the transforms would cost more digits than the check at load lets pass, and the direct way is fast enough.
        var winograd = _type == ScalarType.Float32 && WinogradConv.Takes(middle.shape[1], middle.shape[0]);
        return new FoldedBottleneck(
            Conv(weights, $"{prefix}.conv1", $"{prefix}.bn1", new ConvGeometry(stride, Padding: 0, Dilation: 1)),
            winograd ? null : Conv(weights, $"{prefix}.conv2", $"{prefix}.bn2", new ConvGeometry(1, dilation, dilation)),
            winograd ? Winograd(weights, $"{prefix}.conv2", $"{prefix}.bn2", dilation) : null,
            Conv(weights, $"{prefix}.conv3", $"{prefix}.bn3", new ConvGeometry(Stride: 1, Padding: 0, Dilation: 1)),
            projects ? Conv(weights, $"{prefix}.downsample.0", $"{prefix}.downsample.1", new ConvGeometry(stride, Padding: 0, Dilation: 1)) : null);
    }

    private FoldedConv Conv(FoldedWeights weights, string conv, string norm, ConvGeometry geometry)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = weights.Fold(conv, norm);
        return new FoldedConv(
            _kernels, weight.to(_type).contiguous().DetachFromDisposeScope(), bias.to(_type).DetachFromDisposeScope(), geometry);
    }

    private WinogradConv Winograd(FoldedWeights weights, string conv, string norm, int dilation)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = weights.Fold(conv, norm);
        return new WinogradConv(_kernels, weight, bias, dilation);
    }
}

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>
/// A narrow multi-level network for processors, about 0.6 M parameters: 5x5 stem at stride 2, residual stages of 32, 64, 80 and
/// 96 channels at output stride 8, dilations 2 and 4 in the last two, classifier rates 1, 2, 4, 6. Before the main classifier the
/// last stage meets the first at stride 4 (as in DeepLab-v3+, Chen et al., ECCV 2018): at 160 x 96 poles, signs and people are
/// smaller than a cell of stride 8. Group normalisation, because running batch statistics mixed from two domains mislead at this size.
/// </summary>
public sealed class CompactNetwork : SegmentationNetwork
{
    private const int GroupSize = 8;
    private const int DecoderWidth = 48;

    private static readonly int[] Rates = [1, 2, 4, 6];

    private readonly ConvLayer _conv1;
    private readonly INormLayer _norm1;
    private readonly BasicBlock[] _stages;
    private readonly AtrousClassifier _auxHead;
    private readonly ConvLayer _decoderConv;
    private readonly INormLayer _decoderNorm;
    private readonly AtrousClassifier _mainHead;

    /// <summary>Creates a network with zero weights; initialise or load it before use.</summary>
    /// <param name="architecture">Name to report.</param>
    /// <param name="classes">Number of classes, 2 to 254.</param>
    /// <param name="placement">Precision and device.</param>
    public CompactNetwork(string architecture, int classes, TensorPlacement placement)
        : this(architecture, classes, new ParameterRegistry(placement))
    {
    }

    private CompactNetwork(string architecture, int classes, ParameterRegistry registry)
        : base(architecture, classes, registry)
    {
        _conv1 = new ConvLayer(registry.Under("conv1"), 3, 32, kernel: 5, stride: 2, padding: 2);
        _norm1 = Norm(registry.Under("norm1"), 32);
        _stages =
        [
            new BasicBlock(registry.Under("layer1.0"), 32, 32, stride: 2, dilation: 1, Norm),
            new BasicBlock(registry.Under("layer2.0"), 32, 64, stride: 2, dilation: 1, Norm),
            new BasicBlock(registry.Under("layer2.1"), 64, 64, stride: 1, dilation: 1, Norm),
            new BasicBlock(registry.Under("layer3.0"), 64, 80, stride: 1, dilation: 2, Norm),
            new BasicBlock(registry.Under("layer3.1"), 80, 80, stride: 1, dilation: 2, Norm),
            new BasicBlock(registry.Under("layer4.0"), 80, 96, stride: 1, dilation: 4, Norm),
        ];
        _auxHead = new AtrousClassifier(registry.Under("layer5"), 80, classes, Rates);
        _decoderConv = new ConvLayer(registry.Under("decoder.conv"), 32 + 96, DecoderWidth, kernel: 3, padding: 1);
        _decoderNorm = Norm(registry.Under("decoder.norm"), DecoderWidth);
        _mainHead = new AtrousClassifier(registry.Under("layer6"), DecoderWidth, classes, Rates);
    }

    /// <inheritdoc />
    public override NetworkOutput Forward(Tensor images, NormMode mode, bool aux)
    {
        using var scope = NewDisposeScope();
        var x = _norm1.Forward(_conv1.Forward(images), mode).relu_();
        x = _stages[0].Forward(x, mode);
        var fine = x;
        foreach (var block in _stages.AsSpan(1, _stages.Length - 2))
        {
            x = block.Forward(x, mode);
        }

        var auxLogits = aux ? _auxHead.Forward(x).MoveToOuterDisposeScope() : null;
        var coarse = functional.interpolate(
            _stages[^1].Forward(x, mode), [fine.shape[2], fine.shape[3]], mode: InterpolationMode.Bilinear, align_corners: true);
        var decoded = _decoderNorm.Forward(_decoderConv.Forward(cat([coarse, fine], 1)), mode).relu_();
        return new NetworkOutput(auxLogits, _mainHead.Forward(decoded).MoveToOuterDisposeScope());
    }

    private static GroupNormLayer Norm(ParameterRegistry registry, int channels) => new(registry, channels, GroupSize);
}

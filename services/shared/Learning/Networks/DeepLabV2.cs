using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>
/// DeepLab-v2 on a dilated ResNet with two classifiers, as AdaptSegNet, ADVENT and IntraDA use it: output stride 8, frozen
/// batch-norm gains and biases, dilations 2 and 4 in the last two stages, classifier rates 6, 12, 18, 24.
/// </summary>
public sealed class DeepLabV2 : SegmentationNetwork
{
    private static readonly int[] Rates = [6, 12, 18, 24];

    private readonly ConvLayer _conv1;
    private readonly BatchNormLayer _bn1;
    private readonly Bottleneck[][] _stages;
    private readonly AtrousClassifier _auxHead;
    private readonly AtrousClassifier _mainHead;

    /// <summary>Creates a network with zero weights; initialise or load it before use.</summary>
    /// <param name="architecture">Name to report.</param>
    /// <param name="blocks">Bottlenecks per stage, four numbers of at least 1: 3, 4, 23, 3 is ResNet-101.</param>
    /// <param name="classes">Number of classes, 2 to 254.</param>
    /// <param name="placement">Precision and device.</param>
    public DeepLabV2(string architecture, IReadOnlyList<int> blocks, int classes, TensorPlacement placement)
        : this(architecture, blocks, classes, new ParameterRegistry(placement))
    {
    }

    private DeepLabV2(string architecture, IReadOnlyList<int> blocks, int classes, ParameterRegistry registry)
        : base(architecture, classes, registry)
    {
        _conv1 = new ConvLayer(registry.Under("conv1"), 3, 64, kernel: 7, stride: 2, padding: 3);
        _bn1 = new BatchNormLayer(registry.Under("bn1"), 64);
        _stages =
        [
            Stage(registry.Under("layer1"), blocks[0], inputs: 64, planes: 64, stride: 1, dilation: 1),
            Stage(registry.Under("layer2"), blocks[1], inputs: 256, planes: 128, stride: 2, dilation: 1),
            Stage(registry.Under("layer3"), blocks[2], inputs: 512, planes: 256, stride: 1, dilation: 2),
            Stage(registry.Under("layer4"), blocks[3], inputs: 1024, planes: 512, stride: 1, dilation: 4),
        ];
        _auxHead = new AtrousClassifier(registry.Under("layer5"), 1024, classes, Rates);
        _mainHead = new AtrousClassifier(registry.Under("layer6"), 2048, classes, Rates);
    }

    /// <inheritdoc />
    public override NetworkOutput Forward(Tensor images, NormMode mode, bool aux)
    {
        using var scope = NewDisposeScope();
        var x = _bn1.Forward(_conv1.Forward(images), mode).relu_();
        x = functional.max_pool2d(x, 3, 2, 1, ceil_mode: true);
        foreach (var stage in _stages.AsSpan(0, 3))
        {
            x = Run(stage, x, mode);
        }

        var auxLogits = aux ? _auxHead.Forward(x).MoveToOuterDisposeScope() : null;
        return new NetworkOutput(auxLogits, _mainHead.Forward(Run(_stages[3], x, mode)).MoveToOuterDisposeScope());
    }

    /// <inheritdoc />
    /// <remarks>
    /// The published list walks all modules below the stem and the four stages and yields each subtree's parameters: a
    /// convolution of a block is met at its stage, its block and itself, one of a shortcut also at the shortcut's container.
    /// </remarks>
    public override int PublishedMultiplicity(string name)
    {
        if (IsHead(name) || !name.StartsWith("layer", StringComparison.Ordinal))
        {
            return 1;
        }

        return name.Contains(".downsample.", StringComparison.Ordinal) ? 4 : 3;
    }

    private static Bottleneck[] Stage(ParameterRegistry registry, int blocks, int inputs, int planes, int stride, int dilation)
    {
        var stage = new Bottleneck[blocks];
        for (var i = 0; i < blocks; i++)
        {
            var first = i == 0;
            stage[i] = new Bottleneck(
                registry.Under($"{i}"), first ? inputs : planes * Bottleneck.Expansion, planes, first ? stride : 1, dilation, project: first);
        }

        return stage;
    }

    private static Tensor Run(Bottleneck[] stage, Tensor x, NormMode mode)
    {
        foreach (var block in stage)
        {
            x = block.Forward(x, mode);
        }

        return x;
    }
}

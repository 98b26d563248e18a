using System.Globalization;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// Names and shapes of the tensors of each architecture in the order of its state dict, for programs that check a checkpoint without
/// being able to build the network.
/// </summary>
/// <remarks>
/// "deeplabv2-resnet101" and "deeplabv2-resnet50" are ResNetMulti of AdaptSegNet, ADVENT and IntraDA (3, 4, 23, 3 and 3, 4, 6, 3
/// bottlenecks; classifiers <c>layer5</c> on 1024 and <c>layer6</c> on 2048 channels, four 3x3 convolutions each). "compact" is this
/// project's own network.
/// </remarks>
public static class PublishedLayout
{
    private const string Compact = "compact";
    private const string AuxHead = "layer5";
    private const string MainHead = "layer6";
    private const int Expansion = 4;
    private const int HeadBranches = 4;

    // Position: stage of ResNetMulti; value: inner channels of its bottlenecks.
    private static readonly int[] Planes = [64, 128, 256, 512];

    // Stage, block, input and output channels, and whether the shortcut has a convolution.
    private static readonly (string Name, int Inputs, int Outputs, bool Projects)[] CompactBlocks =
    [
        ("layer1.0", 32, 32, true),
        ("layer2.0", 32, 64, true),
        ("layer2.1", 64, 64, false),
        ("layer3.0", 64, 80, true),
        ("layer3.1", 80, 80, false),
        ("layer4.0", 80, 96, true),
    ];

    private static readonly Dictionary<string, int[]> Residual = new()
    {
        ["deeplabv2-resnet101"] = [3, 4, 23, 3],
        ["deeplabv2-resnet50"] = [3, 4, 6, 3],
    };

    /// <summary>Names of the architectures.</summary>
    public static IReadOnlyList<string> Architectures { get; } = [Compact, .. Residual.Keys];

    /// <summary>The tensors of an architecture.</summary>
    /// <param name="architecture">One of <see cref="Architectures"/>.</param>
    /// <param name="classes">Number of classes, 2 to 254.</param>
    /// <returns>The tensors in the order of the state dict.</returns>
    /// <exception cref="ArgumentException">The architecture is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of classes is out of range.</exception>
    public static IReadOnlyList<LayoutTensor> Of(string architecture, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 254);
        return Residual.TryGetValue(architecture, out var blocks) ? [.. ResNetMulti(blocks, classes)]
            : architecture == Compact ? [.. CompactNetwork(classes)]
            : throw new ArgumentException($"Unknown architecture '{architecture}'; known are {string.Join(", ", Architectures)}.", nameof(architecture));
    }

    /// <summary>Whether a tensor belongs to one of the two classifiers.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True for <c>layer5</c> and <c>layer6</c>.</returns>
    public static bool IsHead(string name) => IsIn(name, AuxHead) || IsMainHead(name);

    /// <summary>Whether a tensor belongs to the main classifier, which every trained network has and initial weights have not.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True for <c>layer6</c>.</returns>
    public static bool IsMainHead(string name) => IsIn(name, MainHead);

    /// <summary>
    /// Whether initial weights from ImageNet are loaded without a tensor: the classifier of their own, <c>layer5</c> in the weights
    /// converted from Caffe (as the published loader does) and <c>fc</c> in others.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <returns>True where it is left out.</returns>
    public static bool IsLeftOutOfInitialWeights(string name) => IsIn(name, AuxHead) || IsIn(name, "fc");

    private static bool IsIn(string name, string part) =>
        name.Length > part.Length && name[part.Length] == '.' && name.StartsWith(part, StringComparison.Ordinal);

    private static IEnumerable<LayoutTensor> ResNetMulti(int[] blocks, int classes)
    {
        var inputs = Planes[0];
        IEnumerable<LayoutTensor> tensors = [Weight("conv1", inputs, 3, 7), .. BatchNorm("bn1", inputs)];
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            for (var block = 0; block < blocks[stage]; block++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{block}");
                tensors = tensors.Concat(Bottleneck(name, inputs, Planes[stage], projects: block == 0).ToList());
                inputs = Planes[stage] * Expansion;
            }
        }

        return tensors.Concat(Head(AuxHead, Planes[2] * Expansion, classes)).Concat(Head(MainHead, inputs, classes));
    }

    private static IEnumerable<LayoutTensor> Bottleneck(string name, int inputs, int planes, bool projects)
    {
        var outputs = planes * Expansion;
        return
        [
            Weight($"{name}.conv1", planes, inputs, 1), .. BatchNorm($"{name}.bn1", planes),
            Weight($"{name}.conv2", planes, planes, 3), .. BatchNorm($"{name}.bn2", planes),
            Weight($"{name}.conv3", outputs, planes, 1), .. BatchNorm($"{name}.bn3", outputs),
            .. projects
                ? [Weight($"{name}.downsample.0", outputs, inputs, 1), .. BatchNorm($"{name}.downsample.1", outputs)]
                : Array.Empty<LayoutTensor>(),
        ];
    }

    private static IEnumerable<LayoutTensor> CompactNetwork(int classes) =>
    [
        Weight("conv1", 32, 3, 5), .. Affine("norm1", 32),
        .. CompactBlocks.SelectMany(block => BasicBlock(block.Name, block.Inputs, block.Outputs, block.Projects)),
        .. Head(AuxHead, 80, classes), .. Head(MainHead, 96, classes),
    ];

    private static IEnumerable<LayoutTensor> BasicBlock(string name, int inputs, int outputs, bool projects) =>
    [
        Weight($"{name}.conv1", outputs, inputs, 3), .. Affine($"{name}.norm1", outputs),
        Weight($"{name}.conv2", outputs, outputs, 3), .. Affine($"{name}.norm2", outputs),
        .. projects
            ? [Weight($"{name}.downsample.0", outputs, inputs, 1), .. Affine($"{name}.downsample.1", outputs)]
            : Array.Empty<LayoutTensor>(),
    ];

    private static IEnumerable<LayoutTensor> Head(string name, int inputs, int classes) =>
        Enumerable.Range(0, HeadBranches).SelectMany(branch => new[]
        {
            Weight(string.Create(CultureInfo.InvariantCulture, $"{name}.conv2d_list.{branch}"), classes, inputs, 3),
            Real(string.Create(CultureInfo.InvariantCulture, $"{name}.conv2d_list.{branch}.bias"), classes),
        });

    private static IEnumerable<LayoutTensor> BatchNorm(string name, int channels) =>
    [
        .. Affine(name, channels), Real($"{name}.running_mean", channels), Real($"{name}.running_var", channels),
        new LayoutTensor($"{name}.num_batches_tracked", SafetensorsDataType.I64, []),
    ];

    private static IEnumerable<LayoutTensor> Affine(string name, int channels) =>
        [Real($"{name}.weight", channels), Real($"{name}.bias", channels)];

    private static LayoutTensor Weight(string name, int outputs, int inputs, int kernel) =>
        Real($"{name}.weight", outputs, inputs, kernel, kernel);

    private static LayoutTensor Real(string name, params long[] shape) => new(name, SafetensorsDataType.F32, shape);
}

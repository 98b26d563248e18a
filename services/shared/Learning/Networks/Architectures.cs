namespace IntraDA.Learning.Networks;

/// <summary>The networks that can be built by name.</summary>
public static class Architectures
{
    /// <summary>DeepLab-v2 on ResNet-101, the published network.</summary>
    public const string ResNet101 = "deeplabv2-resnet101";

    /// <summary>DeepLab-v2 on ResNet-50.</summary>
    public const string ResNet50 = "deeplabv2-resnet50";

    /// <summary>The narrow network for processors.</summary>
    public const string Compact = "compact";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Compact, ResNet101, ResNet50];

    /// <summary>Builds a network with zero weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="classes">Number of classes, 2 to 254.</param>
    /// <param name="placement">Precision and device.</param>
    /// <returns>The network; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of classes is out of range.</exception>
    public static SegmentationNetwork Build(string name, int classes, TensorPlacement placement)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 254);
        return name switch
        {
            Compact => new CompactNetwork(name, classes, placement),
            ResNet50 => new DeepLabV2(name, [3, 4, 6, 3], classes, placement),
            ResNet101 => new DeepLabV2(name, [3, 4, 23, 3], classes, placement),
            _ => throw new ArgumentException($"Unknown architecture '{name}'; known are {string.Join(", ", Names)}.", nameof(name)),
        };
    }
}

using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>
/// A multi-level segmentation network: an auxiliary classifier on the third stage and the main one on the last. Its tensors
/// carry the names of the published state dict.
/// </summary>
/// <remarks>Not thread-safe while training; forward passes in <see cref="NormMode.Evaluate"/> may run side by side.</remarks>
public abstract class SegmentationNetwork : IDisposable
{
    private readonly ParameterRegistry _registry;

    /// <summary>Creates the base.</summary>
    /// <param name="architecture">Name of the architecture.</param>
    /// <param name="classes">Number of classes, 2 to 254.</param>
    /// <param name="registry">Holds the network's tensors; the network owns it.</param>
    private protected SegmentationNetwork(string architecture, int classes, ParameterRegistry registry)
    {
        Architecture = architecture;
        Classes = classes;
        _registry = registry;
    }

    /// <summary>Name of the architecture, e.g. "compact".</summary>
    public string Architecture { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Precision and device.</summary>
    public TensorPlacement Placement => _registry.Placement;

    /// <summary>All tensors, in state-dict order.</summary>
    public IReadOnlyList<NetworkTensor> Tensors => _registry.Tensors;

    /// <summary>Whether normalisation statistics are kept, so that re-estimating them on another domain means something.</summary>
    public bool HasRunningStatistics => Tensors.Any(t => t.Kind == ParameterKind.RunningMean);

    /// <summary>Whether a tensor belongs to one of the two classifiers, which learn at a higher rate.</summary>
    /// <param name="name">Name of a tensor.</param>
    /// <returns>True for the heads.</returns>
    public static bool IsHead(string name) =>
        name.StartsWith("layer5.", StringComparison.Ordinal) || name.StartsWith("layer6.", StringComparison.Ordinal);

    /// <summary>Computes logits.</summary>
    /// <param name="images">Preprocessed images (BGR, mean subtracted, 0-255 scale), <c>[N, 3, H, W]</c>.</param>
    /// <param name="mode">Which normalisation statistics are used and updated.</param>
    /// <param name="aux">Whether the auxiliary logits are computed.</param>
    /// <returns>Logits at an eighth of the input size, rounded up; the main ones of the compact network at a quarter.</returns>
    public abstract NetworkOutput Forward(Tensor images, NormMode mode, bool aux);

    /// <summary>How often the published parameter list names a tensor (method.md 4.12), and so how often its optimiser steps it.</summary>
    /// <param name="name">Name of a learned tensor.</param>
    /// <returns>1 for heads and for every tensor of a network that was not published.</returns>
    public virtual int PublishedMultiplicity(string name) => 1;

    /// <inheritdoc />
    public void Dispose()
    {
        _registry.Dispose();
        GC.SuppressFinalize(this);
    }
}

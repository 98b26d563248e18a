using IntraDA.Learning.Inference.Fast;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>The order of a network's activations in memory.</summary>
public static class MemoryOrder
{
    /// <summary>Puts images into the order in which a network computes fastest; what it computes stays the same up to the order of sums.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images"><c>[N, 3, H, W]</c>.</param>
    /// <returns>The same images, channels innermost where that is faster.</returns>
    public static Tensor Best(SegmentationNetwork network, Tensor images) =>
        // On processors only; float64 keeps its order, so that its sums stay those of the published numbers.
        network.Placement is { Type: ScalarType.Float32, Device.type: DeviceType.CPU } && IsSafe(network) ? ChannelsLast(images) : images;

    // oneDNN's kernels for this order divide by zero at 1x1 convolutions of 1,024 channels and more where the processor reports no caches.
    private static bool IsSafe(SegmentationNetwork network) => network is not DeepLabV2 || ProcessorCaches.AreReported;

    /// <summary>Puts the channels innermost.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>.</param>
    /// <returns>The same values in the same shape; a view where they lie so already.</returns>
    internal static Tensor ChannelsLast(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}

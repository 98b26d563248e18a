using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Randomness;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests;

/// <summary>Images, tensors and networks that are functions of a seed.</summary>
internal static class Samples
{
    public static RgbImage Image(int width, int height, ulong seed = 1)
    {
        var random = new CounterRandom(seed, "test image");
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt32(256);
        }

        return new RgbImage(width, height, pixels);
    }

    public static Tensor Normal(ulong seed, params long[] shape)
    {
        var random = new CounterRandom(seed, "test tensor");
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return tensor(values).reshape(shape);
    }

    /// <summary>Whether shape, type and every byte are equal.</summary>
    public static bool SameAs(this Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        return first.dtype == second.dtype && first.shape.SequenceEqual(second.shape)
            && first.detach().contiguous().bytes.SequenceEqual(second.detach().contiguous().bytes);
    }

    public static ClassList Classes(int count) => new()
    {
        Names = [.. Enumerable.Range(0, count).Select(c => $"class {c}")],
        Palette = [.. Enumerable.Range(0, 3 * count).Select(v => (byte)v)],
        RareTrainIds = [count - 1],
    };

    public static NetworkDescription Description(int classes = 5, int width = 64, int height = 32, string architecture = Architectures.Compact) =>
        new(architecture, Classes(classes), width, height);

    public static SegmentationNetwork Compact(int classes = 5, ulong seed = 3)
    {
        var network = Architectures.Build(Architectures.Compact, classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, seed);
        return network;
    }
}

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

    /// <summary>A DeepLab-v2 of few blocks whose activations keep their size and whose batch statistics are far from 0 and 1.</summary>
    public static DeepLabV2 DeepLab(int classes = 5, TensorPlacement? placement = null, ulong seed = 3)
    {
        var network = new DeepLabV2(Architectures.ResNet50, [1, 2, 2, 1], classes, placement ?? TensorPlacement.Cpu);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (tensor, i) in network.Tensors.Select((t, i) => (t, (ulong)i)))
        {
            var normal = tensor.Kind == ParameterKind.BatchCount ? null : Normal(seed + i, tensor.Value.shape).to(tensor.Value.dtype);
            switch (tensor.Kind)
            {
                case ParameterKind.Weight:
                    tensor.Value.copy_(normal! * Math.Sqrt(2.0 / tensor.FanIn));
                    break;
                case ParameterKind.Bias or ParameterKind.RunningMean:
                    tensor.Value.copy_(normal! * 0.2);
                    break;
                case ParameterKind.Gain or ParameterKind.RunningVariance:
                    tensor.Value.copy_((normal! * 0.3).exp());
                    break;
                default:
                    break;
            }
        }

        return network;
    }

    public static SegmentationNetwork Compact(int classes = 5, ulong seed = 3)
    {
        var network = Architectures.Build(Architectures.Compact, classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, seed);
        return network;
    }
}

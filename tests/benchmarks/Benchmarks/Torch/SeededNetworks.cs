using IntraDA.Data.Manifests;
using IntraDA.Data.Synthetic;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Benchmarks.Torch;

/// <summary>
/// Networks without a download: seeded random features, batch statistics of street scenes, and a classifier fitted to the scenes' labels in a few
/// steps. Its answers have the margins of a trained network's, which is what agreement between two ways of computing depends on.
/// </summary>
internal static class SeededNetworks
{
    private const ulong Seed = 20;
    private const int Scenes = 4;
    private const int FitSteps = 48;
    private const int FitShrink = 8;
    private const double FitRate = 1e-3;

    /// <summary>Builds a network.</summary>
    /// <param name="architecture">Its name.</param>
    /// <param name="classes">Classes; at least those of the street scenes.</param>
    /// <param name="width">Width of the scenes it is fitted to.</param>
    /// <param name="height">Their height.</param>
    /// <param name="residualGain">Size of the residual branches, which in a trained network are small beside what they are added to.</param>
    /// <returns>The network; the caller owns it.</returns>
    public static SegmentationNetwork Build(string architecture, int classes, int width, int height, double residualGain = 0.25)
    {
        var network = Architectures.Build(architecture, classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, Seed);
        // Statistics and classifier need few pixels; at full size they would take longer than what is measured.
        var (fitWidth, fitHeight) = (Math.Max(width / FitShrink, 64), Math.Max(height / FitShrink, 64));
        if (network.HasRunningStatistics)
        {
            using var noGradient = no_grad();
            foreach (var gain in network.Tensors.Where(t => t.Name.EndsWith("bn3.weight", StringComparison.Ordinal)))
            {
                gain.Value.fill_(residualGain);
            }

            for (var i = 0; i < Scenes; i++)
            {
                using var scope = NewDisposeScope();
                network.Forward(Input(Scene(fitWidth, fitHeight, i)), NormMode.ReEstimate, aux: true);
            }
        }

        Fit(network, fitWidth, fitHeight);
        return network;
    }

    private static void Fit(SegmentationNetwork network, int width, int height)
    {
        var head = network.Tensors.Where(t => t.Name.StartsWith("layer6.", StringComparison.Ordinal)).ToList();
        var frozen = network.Tensors.Where(t => t.Learned && !head.Contains(t)).ToList();
        frozen.ForEach(t => t.Value.requires_grad = false);
        using var optimizer = new Adam(head, beta2: 0.999);
        for (var step = 0; step < FitSteps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            var scene = Scene(width, height, 1000 + (step % (4 * Scenes)));
            var logits = LogitUpsampling.To(network.Forward(Input(scene), NormMode.Evaluate, aux: false).Main, width, height);
            var labels = tensor(scene.TrainIds, [1, height, width]).to(ScalarType.Int64);
            functional.cross_entropy(logits, labels, ignore_index: ClassList.Ignore).backward();
            optimizer.Step(FitRate);
        }

        frozen.ForEach(t => t.Value.requires_grad = true);
        foreach (var tensor in network.Tensors.Where(t => t.Learned))
        {
            tensor.Value.grad = null;
        }
    }

    /// <summary>Names and size of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="width">Width of its input.</param>
    /// <param name="height">Its height.</param>
    /// <returns>The description.</returns>
    public static NetworkDescription Describe(SegmentationNetwork network, int width, int height) => new(
        network.Architecture,
        new ClassList { Names = [.. Enumerable.Range(0, network.Classes).Select(c => $"class {c}")], Palette = new byte[3 * network.Classes] },
        width,
        height);

    /// <summary>A street scene.</summary>
    /// <param name="width">Width.</param>
    /// <param name="height">Height.</param>
    /// <param name="index">Which.</param>
    /// <returns>The scene.</returns>
    public static StreetScene Scene(int width, int height, int index) =>
        new StreetGenerator(new StreetOptions { Width = width, Height = height, Seed = Seed }).Render(StreetDomain.Camera, index);

    /// <summary>A scene as network input.</summary>
    /// <param name="scene">The scene.</param>
    /// <returns><c>[1, 3, H, W]</c>.</returns>
    public static Tensor Input(StreetScene scene)
    {
        using var scope = NewDisposeScope();
        var image = ImagePreprocessor.Resize(scene.Rgb, scene.Width, scene.Height, scene.Width, scene.Height);
        return ImagePreprocessor.Normalize(image.unsqueeze(0), ScalarType.Float32, CPU).MoveToOuterDisposeScope();
    }
}

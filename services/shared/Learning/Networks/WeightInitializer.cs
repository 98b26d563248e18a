using IntraDA.Learning.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>Draws initial weights from a job's own seed; torch's global generator stays untouched.</summary>
public static class WeightInitializer
{
    private const double PublishedDeviation = 0.01;

    /// <summary>
    /// Initialises a segmentation network: normal with deviation 0.01 as published for DeepLab-v2 and for all classifiers; normal with
    /// deviation sqrt(2 / fan-in) (He et al., ICCV 2015) for the rest of the compact network, which starts from nothing.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">The job's seed.</param>
    public static void Initialize(SegmentationNetwork network, ulong seed)
    {
        foreach (var tensor in network.Tensors.Where(t => t.Kind == ParameterKind.Weight))
        {
            var published = network is DeepLabV2 || SegmentationNetwork.IsHead(tensor.Name);
            var deviation = published ? PublishedDeviation : Math.Sqrt(2.0 / tensor.FanIn);
            Fill(tensor, new CounterRandom(seed, $"weights/{tensor.Name}"), random => deviation * random.NextGaussian());
        }
    }

    /// <summary>Initialises a discriminator as PyTorch does by default: uniform within 1 / sqrt(fan-in), biases too.</summary>
    /// <param name="discriminator">The discriminator.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="role">Distinguishes the auxiliary and the main one.</param>
    public static void Initialize(Discriminator discriminator, ulong seed, string role)
    {
        foreach (var tensor in discriminator.Tensors)
        {
            var bound = 1 / Math.Sqrt(tensor.FanIn);
            Fill(tensor, new CounterRandom(seed, $"discriminator/{role}/{tensor.Name}"), random => random.NextDouble(-bound, bound));
        }
    }

    private static void Fill(NetworkTensor tensor, CounterRandom random, Func<CounterRandom, double> draw)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var values = new float[tensor.Value.NumberOfElements];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)draw(random);
        }

        tensor.Value.copy_(torch.tensor(values).reshape(tensor.Value.shape));
    }
}

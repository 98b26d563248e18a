using IntraDA.Learning.Networks;
using IntraDA.Learning.Randomness;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Adaptation;

/// <summary>A compact network with three classes and batches of noise whose left half is bright and of class 1.</summary>
internal sealed class Toy : IDisposable
{
    public const int Classes = 3;
    public const int Side = 32;

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public Toy(double weightDecay = 0)
    {
        Network = Architectures.Build(Architectures.Compact, Classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(Network, 1);
        Optimizer = new MomentumSgd(
            [.. Network.Tensors.Where(t => t.Learned).Select(t => new SgdParameter(t.Name, t.Value, 1, 1))], 0.9, weightDecay);
    }

    public SegmentationNetwork Network { get; }

    public MomentumSgd Optimizer { get; }

    public static LabelledBatch Labelled(ulong seed, double weight = 1)
    {
        var labels = zeros([1, Side, Side], ScalarType.Int64);
        labels.narrow(2, 0, Side / 2).fill_(1);
        return new LabelledBatch(Images(seed, 80), labels, weight);
    }

    public static Tensor Images(ulong seed, float brightness)
    {
        var random = new CounterRandom(seed, "toy");
        var values = new float[3 * Side * Side];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(20 * random.NextGaussian()) + (i % Side < Side / 2 ? brightness : -brightness);
        }

        return tensor(values, [1, 3, Side, Side]);
    }

    public static DomainAdversary Adversary(string role)
    {
        var discriminator = new Discriminator(Classes, 4, TensorPlacement.Cpu);
        WeightInitializer.Initialize(discriminator, 1, role);
        return new DomainAdversary(discriminator, role);
    }

    public static double Value(IReadOnlyList<LossTerm> terms, LossKind kind) => terms.Single(t => t.Kind == kind).Value;

    public Dictionary<string, byte[]> Snapshot() => Network.Tensors.ToDictionary(t => t.Name, t => t.Value.detach().bytes.ToArray());

    public void Dispose()
    {
        Optimizer.Dispose();
        Network.Dispose();
        _scope.Dispose();
    }
}

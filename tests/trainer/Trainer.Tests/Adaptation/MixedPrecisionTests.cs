using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Adaptation;

public sealed class MixedPrecisionTests
{
    private static readonly LossWeights Weights = new(1, 0.1, 0.001, 0.0002);

    [Fact]
    public void Losses_stay_close_to_those_of_full_precision_and_weights_stay_float32()
    {
        var full = Train(TensorPlacement.Cpu, out _);
        var mixed = Train(TensorPlacement.Cpu with { Products = ScalarType.BFloat16 }, out var types);
        Assert.Equal([ScalarType.Float32], types);
        foreach (var (f, m) in full.Zip(mixed))
        {
            Assert.InRange(m - f, -0.05, 0.05);
        }

        Assert.True(mixed[^1] < mixed[0], $"{mixed[0]} did not fall: {mixed[^1]}");
        Assert.NotEqual(full, mixed);
    }

    private static List<double> Train(TensorPlacement placement, out List<ScalarType> types)
    {
        using var scope = NewDisposeScope();
        using var network = Architectures.Build(Architectures.Compact, Toy.Classes, placement);
        WeightInitializer.Initialize(network, 1);
        using var optimizer = new MomentumSgd(
            [.. network.Tensors.Where(t => t.Learned).Select(t => new SgdParameter(t.Name, t.Value, 1, 1))], 0.9, 0);
        using var step = new AdvEntStep(network, optimizer, Weights, Adversary("main"), Adversary("aux"));
        var losses = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            using var batch = NewDisposeScope();
            var terms = step.Step(
                new TrainingBatch([Toy.Labelled((ulong)i)], Toy.Images((ulong)i + 50, 40)), new LearningRates(0.02, 1e-4));
            losses.Add(Toy.Value(terms, LossKind.SegMain));
        }

        types = [.. network.Tensors.Select(t => t.Value.dtype).Distinct()];
        return losses;

        DomainAdversary Adversary(string role)
        {
            var discriminator = new Discriminator(Toy.Classes, 4, placement);
            WeightInitializer.Initialize(discriminator, 1, role);
            return new DomainAdversary(discriminator, role);
        }
    }
}

using IntraDA.Learning.Networks;
using IntraDA.Parity.Tests.Fixtures;

namespace IntraDA.Parity.Tests;

public sealed class NetworkTests(ParityFixture parity)
{
    [Fact]
    public void The_network_lists_the_published_tensors_in_the_published_order()
    {
        using var network = parity.Network(TensorPlacement.Cpu);
        AssertSame(parity.Document.NetworkParameters, network.Tensors);
    }

    [Fact]
    public void The_discriminator_lists_the_published_tensors_in_the_published_order()
    {
        using var discriminator = parity.Discriminator(TensorPlacement.Cpu);
        AssertSame(parity.Document.DiscriminatorParameters, discriminator.Tensors);
    }

    [Fact]
    public void Learned_tensors_are_those_of_the_published_parameter_lists_and_repeat_as_often()
    {
        using var network = parity.Network(TensorPlacement.Cpu);
        var backbone = network.Tensors
            .Where(t => t.Learned && !SegmentationNetwork.IsHead(t.Name))
            .ToDictionary(t => t.Name, t => network.PublishedMultiplicity(t.Name));
        Assert.Equal(parity.Document.PublishedUpdateMultiplicity.OrderBy(p => p.Key), backbone.OrderBy(p => p.Key));
        Assert.All(
            network.Tensors.Where(t => SegmentationNetwork.IsHead(t.Name)),
            t => Assert.True(t.Learned && network.PublishedMultiplicity(t.Name) == 1, t.Name));
    }

    private static void AssertSame(IReadOnlyList<ParameterEntry> published, IReadOnlyList<NetworkTensor> ours)
    {
        foreach (var entry in published)
        {
            var tensor = ours[entry.Index];
            Assert.Equal(entry.Name, tensor.Name);
            Assert.Equal(entry.Shape, tensor.Value.shape);
            Assert.Equal(Kind(entry.Kind), tensor.Kind);
        }

        // Batch counts are the only tensors that the fixtures do not list.
        Assert.Equal(published.Count, ours.Count(t => t.Kind != ParameterKind.BatchCount));
    }

    private static ParameterKind Kind(string name) => name switch
    {
        "weight" => ParameterKind.Weight,
        "bias" => ParameterKind.Bias,
        "gain" => ParameterKind.Gain,
        "mean" => ParameterKind.RunningMean,
        "var" => ParameterKind.RunningVariance,
        _ => throw new InvalidDataException($"Unknown kind '{name}'."),
    };
}

using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Networks;

public sealed class CompactNetworkTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(19)]
    public void It_has_about_six_hundred_thousand_parameters(int classes)
    {
        using var network = Architectures.Build(Architectures.Compact, classes, TensorPlacement.Cpu);
        Assert.InRange(network.Tensors.Sum(t => t.Value.NumberOfElements), 550_000, 700_000);
    }

    [Fact]
    public void It_keeps_no_running_statistics_and_is_stepped_once()
    {
        using var network = Architectures.Build(Architectures.Compact, 11, TensorPlacement.Cpu);
        Assert.False(network.HasRunningStatistics);
        Assert.All(network.Tensors, t => Assert.True(t.Learned && network.PublishedMultiplicity(t.Name) == 1, t.Name));
    }

    [Theory]
    [InlineData(96, 160, 12, 20)]
    [InlineData(64, 64, 8, 8)]
    [InlineData(33, 50, 5, 7)]
    public void Logits_have_an_eighth_of_the_input_size_rounded_up(int height, int width, int logitHeight, int logitWidth)
    {
        using var scope = NewDisposeScope();
        using var network = Samples.Compact(7);
        var output = network.Forward(Samples.Normal(1, 2, 3, height, width), NormMode.Evaluate, aux: true);
        Assert.Equal([2, 7, logitHeight, logitWidth], output.Main.shape);
        Assert.Equal([2, 7, logitHeight, logitWidth], output.Aux!.shape);
    }

    [Fact]
    public void Training_and_evaluation_compute_the_same()
    {
        using var scope = NewDisposeScope();
        using var network = Samples.Compact();
        var image = Samples.Normal(1, 1, 3, 32, 32);
        Assert.True(network.Forward(image, NormMode.Train, aux: false).Main.SameAs(network.Forward(image, NormMode.Evaluate, aux: false).Main));
    }
}

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
    [InlineData(96, 160)]
    [InlineData(64, 64)]
    [InlineData(33, 50)]
    public void The_main_logits_have_a_quarter_of_the_input_size_and_the_auxiliary_ones_an_eighth_rounded_up(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = Samples.Compact(7);
        var output = network.Forward(Samples.Normal(1, 2, 3, height, width), NormMode.Evaluate, aux: true);
        Assert.Equal([2, 7, (height + 3) / 4, (width + 3) / 4], output.Main.shape);
        Assert.Equal([2, 7, (height + 7) / 8, (width + 7) / 8], output.Aux!.shape);
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

using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Learning.Networks;

namespace IntraDA.Learning.Tests.Networks;

/// <summary>What import and export check checkpoints against is what the networks are made of.</summary>
public sealed class PublishedLayoutTests
{
    [Theory]
    [InlineData("compact", 11)]
    [InlineData("deeplabv2-resnet50", 16)]
    [InlineData("deeplabv2-resnet101", 19)]
    public void The_listed_tensors_are_those_of_the_network_in_its_order(string architecture, int classes)
    {
        using var network = Architectures.Build(architecture, classes, TensorPlacement.Cpu);
        var listed = PublishedLayout.Of(architecture, classes);
        Assert.Equal(
            network.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Value.shape)}]"),
            listed.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]"));
        Assert.All(listed, tensor => Assert.Equal(SegmentationNetwork.IsHead(tensor.Name), tensor.IsHead));
    }

    [Fact]
    public void Every_architecture_is_listed() => Assert.Equal(Architectures.Names.Order(), PublishedLayout.Architectures.Order());
}

using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Tests.PyTorch;

public sealed class LayoutTests
{
    // Measured on the published network with 19 classes: method.md, sections 4.12 and 4.16 (44.6 M parameters, 104 + 16 learned tensors).
    [Fact]
    public void The_published_network_has_its_published_size()
    {
        var layout = PublishedLayout.Of("deeplabv2-resnet101", 19);
        Assert.Equal(6 + (33 * 18) + (4 * 6) + 16, layout.Count);
        Assert.Equal(layout.Count, layout.Select(tensor => tensor.Name).Distinct().Count());
        Assert.Equal(104 + 16, layout.Count(tensor => tensor.Shape.Count == 4 || tensor.Name.Contains("conv2d_list", StringComparison.Ordinal)));
        var parameters = layout
            .Where(tensor => !tensor.IsOptional && !tensor.Name.Contains("running_", StringComparison.Ordinal))
            .Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        Assert.InRange(parameters, 44_500_000, 44_700_000);
        Assert.Equal([512, 2048, 1, 1], layout.Single(tensor => tensor.Name == "layer4.1.conv1.weight").Shape);
        Assert.Equal([19, 1024, 3, 3], layout.Single(tensor => tensor.Name == "layer5.conv2d_list.3.weight").Shape);
    }

    [Fact]
    public void Every_architecture_has_heads_of_its_classes() => Assert.All(PublishedLayout.Architectures, architecture =>
        Assert.Equal(8, PublishedLayout.Of(architecture, 7).Count(tensor => tensor.IsHead && tensor.Shape is [7])));

    [Fact]
    public void All_differences_are_named_at_once()
    {
        var layout = PublishedLayout.Of("compact", 5);
        var tensors = layout
            .Where(tensor => tensor.Name != "norm1.bias")
            .Select(tensor => (tensor.Name, tensor.Name == "norm1.weight" ? SafetensorsDataType.I64 : tensor.DataType,
                tensor.Name == "conv1.weight" ? (IReadOnlyList<long>)[1, 2] : tensor.Shape))
            .Append(("extra", SafetensorsDataType.F32, []));
        Assert.Equal(
            ["conv1.weight is [1, 2] instead of [32, 3, 5, 5]", "norm1.weight is of type I64 instead of F32", "missing norm1.bias", "unexpected extra"],
            LayoutDifferences.Find(layout, tensors, headsMayDiffer: false).Select(difference => difference.Phrase));
    }

    [Fact]
    public void A_counter_of_batches_may_be_missing_but_not_of_another_shape()
    {
        var layout = PublishedLayout.Of("deeplabv2-resnet50", 19);
        var tensors = layout.Select(tensor => (
            tensor.Name, tensor.DataType, tensor.Name == "bn1.num_batches_tracked" ? (IReadOnlyList<long>)[64] : tensor.Shape));
        Assert.Equal(["bn1.num_batches_tracked is [64] instead of []"], LayoutDifferences.Find(layout, tensors, headsMayDiffer: false).Select(difference => difference.Phrase));
    }

    [Fact]
    public void Initial_weights_may_lack_classifiers_and_counters()
    {
        var layout = PublishedLayout.Of("deeplabv2-resnet50", 19);
        var tensors = layout.Where(tensor => !tensor.IsHead && !tensor.IsOptional).Select(tensor => (tensor.Name, tensor.DataType, tensor.Shape)).ToList();
        Assert.Empty(LayoutDifferences.Find(layout, tensors, headsMayDiffer: true));
        Assert.Equal(16, LayoutDifferences.Find(layout, tensors, headsMayDiffer: false).Count);
    }

    [Fact]
    public void Initial_weights_may_have_classifiers_of_other_classes_and_a_whole_network_may_not()
    {
        var tensors = PublishedLayout.Of("compact", 3).Select(tensor => (tensor.Name, tensor.DataType, tensor.Shape)).ToList();
        Assert.Empty(LayoutDifferences.Find(PublishedLayout.Of("compact", 11), tensors, headsMayDiffer: true));
        Assert.Equal(16, LayoutDifferences.Find(PublishedLayout.Of("compact", 11), tensors, headsMayDiffer: false).Count);
    }

    [Fact]
    public void Few_differences_are_named_alone_and_many_by_their_part_in_one_bearable_line()
    {
        var layout = PublishedLayout.Of("deeplabv2-resnet101", 19);
        var few = LayoutDifferences.Find(layout, layout.Where(t => t.Name != "conv1.weight").Select(t => (t.Name, t.DataType, t.Shape)), headsMayDiffer: false);
        Assert.Equal("missing conv1.weight", LayoutDifferences.Summarize(few));

        var others = PublishedLayout.Of("compact", 19).Select(t => (t.Name, t.DataType, t.Shape));
        var line = LayoutDifferences.Summarize(LayoutDifferences.Find(layout, others, headsMayDiffer: true));
        Assert.InRange(line.Length, 100, 1500);
        Assert.Contains("missing bn1.* (4), layer1.* (", line, StringComparison.Ordinal);
        Assert.Contains("unexpected ", line, StringComparison.Ordinal);
        Assert.Contains("conv1.weight is [32, 3, 5, 5] instead of [64, 3, 7, 7]", line, StringComparison.Ordinal);
    }
}

using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Networks;

public sealed class PublishedNetworkTests
{
    // Names and shapes without values: ResNet-101 in milliseconds.
    private static readonly TensorPlacement Shapes = new(ScalarType.Float32, META);

    [Theory]
    [InlineData(Architectures.ResNet101, new[] { 3, 4, 23, 3 })]
    [InlineData(Architectures.ResNet50, new[] { 3, 4, 6, 3 })]
    public void The_state_dict_has_the_published_names_in_the_published_order(string architecture, int[] blocks)
    {
        using var network = Architectures.Build(architecture, 19, Shapes);
        Assert.Equal(PublishedNames(blocks), network.Tensors.Select(t => t.Name));
    }

    [Fact]
    public void ResNet101_learns_the_104_and_16_published_tensors_and_repeats_them_314_times()
    {
        using var network = Architectures.Build(Architectures.ResNet101, 19, Shapes);
        var learned = network.Tensors.Where(t => t.Learned).ToList();
        var (heads, backbone) = (learned.Where(t => SegmentationNetwork.IsHead(t.Name)).ToList(), learned.Where(t => !SegmentationNetwork.IsHead(t.Name)).ToList());
        Assert.Equal((104, 16), (backbone.Count, heads.Count));
        Assert.Equal(314, backbone.Sum(t => network.PublishedMultiplicity(t.Name)));
        Assert.Equal(99, backbone.Count(t => network.PublishedMultiplicity(t.Name) == 3));
        Assert.All(heads, t => Assert.Equal(1, network.PublishedMultiplicity(t.Name)));
        Assert.InRange(network.Tensors.Where(t => t.Kind != ParameterKind.BatchCount).Sum(t => t.Value.NumberOfElements), 44.4e6, 44.8e6);
    }

    // Height and width do not mix, so strips show what 512x1024 and 720x1280 images give: 65x129 and 91x161. Depth changes no size.
    [Theory]
    [InlineData(512, 16, 65, 3)]
    [InlineData(16, 1024, 3, 129)]
    [InlineData(720, 16, 91, 3)]
    [InlineData(16, 1280, 3, 161)]
    [InlineData(33, 47, 5, 7)]
    public void Logits_have_the_published_size(int height, int width, int logitHeight, int logitWidth)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = new DeepLabV2("small", [1, 1, 1, 1], 19, TensorPlacement.Cpu);
        var output = network.Forward(zeros([1, 3, height, width]), NormMode.Evaluate, aux: true);
        Assert.Equal([1, 19, logitHeight, logitWidth], output.Main.shape);
        Assert.Equal([1, 19, logitHeight, logitWidth], output.Aux!.shape);
    }

    [Fact]
    public void The_auxiliary_classifier_is_left_out_where_nobody_asks_for_it()
    {
        using var scope = NewDisposeScope();
        using var network = Samples.Compact();
        Assert.Null(network.Forward(zeros([1, 3, 16, 16]), NormMode.Evaluate, aux: false).Aux);
    }

    [Fact]
    public void Initial_weights_are_a_function_of_the_seed_with_the_published_deviation()
    {
        using var first = new DeepLabV2("small", [1, 1, 1, 1], 5, TensorPlacement.Cpu);
        using var again = new DeepLabV2("small", [1, 1, 1, 1], 5, TensorPlacement.Cpu);
        using var other = new DeepLabV2("small", [1, 1, 1, 1], 5, TensorPlacement.Cpu);
        WeightInitializer.Initialize(first, 1);
        WeightInitializer.Initialize(again, 1);
        WeightInitializer.Initialize(other, 2);
        using var scope = NewDisposeScope();
        foreach (var ((a, b), c) in first.Tensors.Zip(again.Tensors).Zip(other.Tensors))
        {
            Assert.True(a.Value.SameAs(b.Value), a.Name);
            Assert.Equal(a.Kind != ParameterKind.Weight, a.Value.SameAs(c.Value));
            if (a.Kind == ParameterKind.Weight)
            {
                Assert.InRange(a.Value.detach().std().item<float>(), 0.0095f, 0.0105f);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    public void A_number_of_classes_that_labels_cannot_hold_is_refused(int classes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Architectures.Build(Architectures.Compact, classes, TensorPlacement.Cpu));

    [Fact]
    public void An_unknown_architecture_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Architectures.Build("vgg", 19, TensorPlacement.Cpu));
        Assert.All(Architectures.Names.Append("vgg"), name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    private static IEnumerable<string> PublishedNames(int[] blocks)
    {
        static IEnumerable<string> Norm(string name) =>
            new[] { "weight", "bias", "running_mean", "running_var", "num_batches_tracked" }.Select(part => $"{name}.{part}");

        List<string> names = ["conv1.weight", .. Norm("bn1")];
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            for (var block = 0; block < blocks[stage]; block++)
            {
                var prefix = $"layer{stage + 1}.{block}";
                for (var conv = 1; conv <= 3; conv++)
                {
                    names.AddRange([$"{prefix}.conv{conv}.weight", .. Norm($"{prefix}.bn{conv}")]);
                }

                if (block == 0)
                {
                    names.AddRange([$"{prefix}.downsample.0.weight", .. Norm($"{prefix}.downsample.1")]);
                }
            }
        }

        foreach (var head in new[] { "layer5", "layer6" })
        {
            names.AddRange(Enumerable.Range(0, 4).SelectMany(i => new[] { $"{head}.conv2d_list.{i}.weight", $"{head}.conv2d_list.{i}.bias" }));
        }

        return names;
    }
}

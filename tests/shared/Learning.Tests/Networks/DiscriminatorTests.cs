using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Networks;

public sealed class DiscriminatorTests
{
    [Fact]
    public void The_published_one_has_2_78_million_parameters_and_gives_16_by_32_logits_for_512_by_1024()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new Discriminator(19, 64, TensorPlacement.Cpu);
        Assert.Equal(2_781_121, discriminator.Tensors.Sum(t => t.Value.NumberOfElements));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias", "6.weight", "6.bias", "8.weight", "8.bias"],
            discriminator.Tensors.Select(t => t.Name));
        // Strips: height and width do not mix.
        Assert.Equal([1, 1, 16, 1], discriminator.Forward(zeros([1, 19, 512, 32])).shape);
        Assert.Equal([1, 1, 1, 32], discriminator.Forward(zeros([1, 19, 32, 1024])).shape);
    }

    [Fact]
    public void Frozen_it_passes_gradients_to_its_input_and_keeps_none()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new Discriminator(3, 4, TensorPlacement.Cpu);
        WeightInitializer.Initialize(discriminator, 1, "main");
        discriminator.SetLearning(false);
        var map = Samples.Normal(1, 1, 3, 32, 32).requires_grad_();
        discriminator.Forward(map).sum().backward();
        Assert.NotEqual(0, map.grad!.abs().sum().item<float>());
        Assert.All(discriminator.Tensors, t => Assert.Null(t.Value.grad));

        discriminator.SetLearning(true);
        discriminator.Forward(map.detach()).sum().backward();
        Assert.All(discriminator.Tensors, t => Assert.NotNull(t.Value.grad));
    }

    [Fact]
    public void Initial_weights_lie_within_one_over_the_root_of_the_fan_in_and_differ_between_roles()
    {
        using var scope = NewDisposeScope();
        using var main = new Discriminator(3, 8, TensorPlacement.Cpu);
        using var aux = new Discriminator(3, 8, TensorPlacement.Cpu);
        WeightInitializer.Initialize(main, 1, "main");
        WeightInitializer.Initialize(aux, 1, "aux");
        foreach (var (a, b) in main.Tensors.Zip(aux.Tensors))
        {
            Assert.False(a.Value.SameAs(b.Value), a.Name);
            Assert.InRange(a.Value.detach().abs().max().item<float>(), 0, 1 / MathF.Sqrt(a.FanIn));
        }
    }
}

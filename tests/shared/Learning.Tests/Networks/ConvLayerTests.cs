using IntraDA.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Networks;

public sealed class ConvLayerTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(6, true)]
    [InlineData(12, false)]
    [InlineData(24, true)]
    public void A_folded_dilated_convolution_and_its_gradients_are_those_of_the_convolution(int dilation, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var placement = new TensorPlacement(ScalarType.Float64, CPU);
        var (plain, folded) = (Layer.Of(placement, dilation), Layer.Of(placement with { FoldsDilations = true }, dilation));
        var input = Input((ulong)dilation, 2).to(ScalarType.Float64);
        input = (channelsLast ? MemoryOrder.ChannelsLast(input) : input).detach();

        var expected = plain.Run(input);
        var actual = folded.Run(input);

        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.Equal(e.shape, a.shape);
            Assert.True(e.allclose(a, rtol: 1e-12, atol: 1e-11), $"{(e - a).abs().max().ToDouble()} apart");
        }
    }

    [Fact]
    public void In_mixed_precision_a_folded_convolution_stays_close_and_keeps_the_precision_of_the_products()
    {
        using var scope = NewDisposeScope();
        var (plain, folded) = (
            Layer.Of(TensorPlacement.Cpu, 12), Layer.Of(TensorPlacement.Cpu with { FoldsDilations = true, Products = ScalarType.BFloat16 }, 12));
        var input = Input(seed: 7, count: 1);
        var (expected, actual) = (plain.Run(input), folded.Run(input));
        Assert.Equal(ScalarType.BFloat16, actual[0].dtype);
        Assert.Equal(ScalarType.Float32, actual[^1].dtype);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(
            ((pair.First - pair.Second.to(ScalarType.Float32)).norm() / pair.First.norm()).ToDouble(), 1e-6, 0.01));
    }

    [Fact]
    public void A_convolution_to_many_channels_is_not_folded()
    {
        using var scope = NewDisposeScope();
        var (plain, folding) = (Layer.Of(TensorPlacement.Cpu, 2, outputs: 64), Layer.Of(TensorPlacement.Cpu with { FoldsDilations = true }, 2, outputs: 64));
        var input = Input(seed: 7, count: 1);
        Assert.All(plain.Run(input).Zip(folding.Run(input)), pair => Assert.True(pair.First.equal(pair.Second).all().ToBoolean()));
    }

    private static Tensor Input(ulong seed, long count)
    {
        using var generator = new Generator(seed, CPU);
        return randn([count, 64, 9, 17], generator: generator);
    }

    /// <summary>A layer with seeded weights.</summary>
    private sealed record Layer(ParameterRegistry Registry, ConvLayer Conv)
    {
        public static Layer Of(TensorPlacement placement, int dilation, int outputs = 3)
        {
            var registry = new ParameterRegistry(placement);
            var conv = new ConvLayer(registry, 64, outputs, kernel: 3, padding: dilation, dilation: dilation, bias: true);
            using var noGradient = no_grad();
            using var generator = new Generator(3, CPU);
            foreach (var tensor in registry.Tensors)
            {
                using var scope = NewDisposeScope();
                tensor.Value.copy_(randn(tensor.Value.shape, generator: generator));
            }

            return new Layer(registry, conv);
        }

        /// <summary>Output, gradient of the input, and those of weight and bias.</summary>
        public Tensor[] Run(Tensor input)
        {
            var given = input.clone().detach().requires_grad_(true);
            var output = Conv.Forward(given);
            using var generator = new Generator(5, CPU);
            var weights = randn(output.shape, generator: generator).to(output.dtype);
            (output * weights).sum().backward();
            var gradients = Registry.Tensors.Select(t => t.Value.grad!.alias()).ToList();
            Registry.Dispose();
            return [output, given.grad!, .. gradients];
        }
    }
}

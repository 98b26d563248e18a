using IntraDA.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Networks;

/// <summary>
/// Kernels that read memory which nobody has written give right results until that memory holds NaN, so these tests fill what they have freed with it.
/// </summary>
public sealed class ChannelBlocksTests
{
    public static TheoryData<int, int, int, int, int, bool> Convolutions()
    {
        var data = new TheoryData<int, int, int, int, int, bool>();
        foreach (var mixed in new[] { false, true })
        {
            foreach (var classes in new[] { 2, 8, 11, 13, 16, 19, 40 })
            {
                data.Add(48, classes, 3, 1, 6, mixed);
                data.Add(classes, 32, 4, 2, 1, mixed);
            }

            data.Add(64, 1, 4, 2, 1, mixed);
            data.Add(40, 24, 3, 1, 1, mixed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void A_convolution_does_not_depend_on_what_lay_in_memory_before(
        int inputs, int outputs, int kernel, int stride, int padding, bool mixed)
    {
        using var scope = NewDisposeScope();
        var registry = new ParameterRegistry(TensorPlacement.Cpu with { Products = mixed ? ScalarType.BFloat16 : null });
        var layer = new ConvLayer(registry, inputs, outputs, kernel, stride, padding, dilation: stride == 1 ? padding : 1, bias: true);
        Fill(registry.Tensors);
        foreach (var channelsLast in new[] { false, true })
        {
            var image = Samples.Normal(5, 4, inputs, 24, 40);
            image = (channelsLast ? image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : image).requires_grad_();

            Poison();
            var output = layer.Forward(image).to(ScalarType.Float32);
            Assert.Equal([4, outputs], output.shape[..2]);
            var loss = (output * Samples.Normal(6, output.shape)).sum();
            Poison();
            loss.backward();

            Assert.True(output.isfinite().all().ToBoolean());
            Assert.All([image, .. registry.Tensors.Select(t => t.Value)], t => Assert.True(t.grad!.isfinite().all().ToBoolean()));
        }

        registry.Dispose();
    }

    [Theory]
    [InlineData(48, 11, 3, 1)]
    [InlineData(40, 24, 3, 1)]
    [InlineData(19, 32, 3, 1)]
    // A discriminator's last layer: the product of windows.
    [InlineData(64, 1, 4, 2)]
    [InlineData(16, 1, 3, 1)]
    public void Neither_padding_nor_products_change_results_or_gradients(int inputs, int outputs, int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        var (single, exact) = (Run(ScalarType.Float32), Run(ScalarType.Float64));
        foreach (var (a, b) in single.Zip(exact))
        {
            Assert.Equal(b.shape, a.shape);
            Assert.InRange((a.to(ScalarType.Float64) - b).abs().max().ToDouble() / b.abs().max().ToDouble(), 0, 1e-5);
        }

        Tensor[] Run(ScalarType type)
        {
            using var inner = NewDisposeScope();
            var registry = new ParameterRegistry(new TensorPlacement(type, CPU));
            var layer = new ConvLayer(registry, inputs, outputs, kernel, stride, padding: 1, bias: true);
            Fill(registry.Tensors);
            var image = Samples.Normal(5, 2, inputs, 9, 7).to(type).requires_grad_();
            var output = layer.Forward(image);
            (output * Samples.Normal(6, output.shape).to(type)).sum().backward();
            Tensor[] all = [output.detach(), image.grad!, .. registry.Tensors.Select(t => t.Value.grad!)];
            Tensor[] results = [.. all.Select(t => t.clone().MoveToOuterDisposeScope())];
            registry.Dispose();
            return results;
        }
    }

    private static void Fill(IReadOnlyList<NetworkTensor> tensors)
    {
        using var noGradient = no_grad();
        foreach (var (tensor, i) in tensors.Select((t, i) => (t, (ulong)i)))
        {
            tensor.Value.copy_(Samples.Normal(7 + i, tensor.Value.shape) * 0.1);
        }
    }

    // Blocks of the sizes that a convolution asks for, filled with NaN and given back.
    private static void Poison()
    {
        var blocks = new List<Tensor>();
        for (var size = 64L; size <= 1 << 20; size += size / 2)
        {
            for (var i = 0; i < 8; i++)
            {
                blocks.Add(full([size], float.NaN));
            }
        }

        blocks.ForEach(block => block.Dispose());
    }
}

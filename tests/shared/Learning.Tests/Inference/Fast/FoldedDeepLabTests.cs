using IntraDA.Learning.Inference;
using IntraDA.Learning.Inference.Fast;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Inference.Fast;

public sealed class FoldedDeepLabTests
{
    public static TheoryData<int, int, bool> Ways => new(
        from size in new[] { (Width: 64, Height: 48), (Width: 97, Height: 65) }
        from products in new[] { true, false }
        select (size.Width, size.Height, products));

    [Theory]
    [MemberData(nameof(Ways))]
    public void Folded_logits_are_those_of_the_network(int width, int height, bool products) =>
        IsTheNetwork(new FoldedConvs(EnginePrecision.Full, null, products), width, height);

    [Fact]
    public void Packed_kernels_compute_the_network_too()
    {
        Assert.SkipUnless(OneDnnKernels.Shared is not null, "There is no oneDNN here, or none that can be trusted.");
        IsTheNetwork(new FoldedConvs(EnginePrecision.Full, OneDnnKernels.Shared, products: false), 97, 65);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_half_precision_the_logits_stay_close(bool packed)
    {
        Assert.SkipUnless(FastNetworks.HasBFloat16(), "This processor does not multiply bfloat16.");
        Assert.SkipWhen(packed && OneDnnKernels.Shared is null, "There is no oneDNN here, or none that can be trusted.");
        using var scope = NewDisposeScope();
        using var network = Samples.DeepLab();
        using var full = new FoldedDeepLab(new FoldedConvs(EnginePrecision.Full, null, products: true), network);
        using var half = new FoldedDeepLab(
            new FoldedConvs(EnginePrecision.BFloat16, packed ? OneDnnKernels.Shared : null, products: true), network);
        var input = ImagePreprocessor.ChannelsLast([new PreparedImage(64, 48, Samples.Image(64, 48).Pixels)], 64, 48);
        var (expected, actual) = (full.Logits(input), half.Logits(input));
        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.InRange((actual - expected).abs().max().ToDouble() / expected.abs().max().ToDouble(), 1e-5, 0.05);
    }

    [Fact]
    public void Memory_is_given_back()
    {
        using var network = Samples.DeepLab();
        var before = Tensor.TotalCount;
        using (var folded = new FoldedDeepLab(FoldedConvs.ForThisProcessor(EnginePrecision.Full), network))
        {
            using var input = ImagePreprocessor.ChannelsLast([new PreparedImage(64, 48, Samples.Image(64, 48).Pixels)], 64, 48);
            folded.Logits(input).Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Channels_last_input_is_the_published_preprocessing()
    {
        using var scope = NewDisposeScope();
        var pixels = Samples.Image(7, 5).Pixels;
        var expected = ImagePreprocessor.Normalize(ImagePreprocessor.ToTensor(pixels, 7, 5).unsqueeze(0), ScalarType.Float32, CPU);
        var actual = ImagePreprocessor.ChannelsLast([new PreparedImage(7, 5, pixels)], 7, 5);
        Assert.True(expected.SameAs(actual));
        Assert.Equal(1, actual.stride(1));
    }

    private static void IsTheNetwork(FoldedConvs convs, int width, int height)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Samples.DeepLab();
        using var folded = new FoldedDeepLab(convs, network);
        var images = Enumerable.Range(0, 2)
            .Select(i => new PreparedImage(width, height, Samples.Image(width, height, (ulong)i).Pixels)).ToList();
        var input = stack([.. images.Select(i => ImagePreprocessor.ToTensor(i.Pixels, width, height))]);
        var expected = network.Forward(ImagePreprocessor.Normalize(input, ScalarType.Float32, CPU), NormMode.Evaluate, aux: false).Main;
        var actual = folded.Logits(ImagePreprocessor.ChannelsLast(images, width, height));
        Assert.Equal(expected.shape, actual.shape);
        var scale = expected.abs().max().ToDouble();
        Assert.InRange((actual - expected).abs().max().ToDouble() / scale, 0, 2e-5);
    }
}

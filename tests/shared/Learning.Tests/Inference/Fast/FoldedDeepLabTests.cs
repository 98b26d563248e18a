using IntraDA.Learning.Inference;
using IntraDA.Learning.Inference.Fast;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Inference.Fast;

public sealed class FoldedDeepLabTests
{
    [Theory]
    [InlineData(64, 48)]
    [InlineData(97, 65)]
    public void Folded_logits_are_those_of_the_network(int width, int height)
    {
        Assert.SkipUnless(OneDnnKernels.Shared is not null, "There is no oneDNN here, or none that can be trusted.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Samples.DeepLab();
        using var folded = new FoldedDeepLab(OneDnnKernels.Shared!, network, EnginePrecision.Full, width, height);
        var images = Enumerable.Range(0, 2)
            .Select(i => new PreparedImage(width, height, Samples.Image(width, height, (ulong)i).Pixels)).ToList();
        var input = stack([.. images.Select(i => ImagePreprocessor.ToTensor(i.Pixels, width, height))]);
        var expected = network.Forward(ImagePreprocessor.Normalize(input, ScalarType.Float32, CPU), NormMode.Evaluate, aux: false).Main;
        var actual = folded.Logits(ImagePreprocessor.ChannelsLast(images, width, height));
        Assert.Equal(expected.shape, actual.shape);
        var scale = expected.abs().max().ToDouble();
        Assert.InRange((actual - expected).abs().max().ToDouble() / scale, 0, 2e-5);
    }

    [Fact]
    public void In_half_precision_the_logits_stay_close()
    {
        Assert.SkipUnless(OneDnnKernels.Shared is not null && FastNetworks.HasBFloat16(), "This processor does not multiply bfloat16.");
        using var scope = NewDisposeScope();
        using var network = Samples.DeepLab();
        using var full = new FoldedDeepLab(OneDnnKernels.Shared!, network, EnginePrecision.Full, 64, 48);
        using var half = new FoldedDeepLab(OneDnnKernels.Shared!, network, EnginePrecision.BFloat16, 64, 48);
        var input = ImagePreprocessor.ChannelsLast([new PreparedImage(64, 48, Samples.Image(64, 48).Pixels)], 64, 48);
        var (expected, actual) = (full.Logits(input), half.Logits(input));
        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.InRange((actual - expected).abs().max().ToDouble() / expected.abs().max().ToDouble(), 1e-5, 0.05);
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
}

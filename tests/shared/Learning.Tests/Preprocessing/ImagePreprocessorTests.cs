using IntraDA.Learning.Preprocessing;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Preprocessing;

/// <summary>Equality with Pillow to the byte is shown by the parity tests.</summary>
public sealed class ImagePreprocessorTests
{
    [Fact]
    public void At_its_own_size_an_image_is_only_rearranged()
    {
        using var scope = NewDisposeScope();
        var image = Samples.Image(5, 3);
        var resized = ImagePreprocessor.Resize(image.Pixels, 5, 3, 5, 3);
        Assert.Equal([3, 3, 5], resized.shape);
        Assert.Equal(image.Pixels, resized.permute(1, 2, 0).contiguous().bytes.ToArray());
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(31, 7)]
    [InlineData(64, 40)]
    [InlineData(1, 1)]
    public void A_plain_image_stays_plain(int width, int height)
    {
        using var scope = NewDisposeScope();
        var pixels = Enumerable.Range(0, 20 * 30).SelectMany(_ => new byte[] { 255, 0, 77 }).ToArray();
        var resized = ImagePreprocessor.Resize(pixels, 20, 30, width, height);
        Assert.Equal([3, height, width], resized.shape);
        Assert.True(resized[0].eq(255).all().item<bool>() && resized[1].eq(0).all().item<bool>() && resized[2].eq(77).all().item<bool>());
    }

    [Theory]
    [InlineData(40, 24, 16, 9)]
    [InlineData(16, 9, 40, 24)]
    [InlineData(16, 9, 16, 20)]
    public void It_is_the_antialiased_bicubic_of_exact_arithmetic_up_to_rounding(int width, int height, int newWidth, int newHeight)
    {
        using var scope = NewDisposeScope();
        var image = Samples.Image(width, height);
        var resized = ImagePreprocessor.Resize(image.Pixels, width, height, newWidth, newHeight).to(ScalarType.Float64);
        var source = tensor(image.Pixels, [height, width, 3]).permute(2, 0, 1).to(ScalarType.Float64);
        var expected = Filter(height, newHeight).matmul(source.matmul(Filter(width, newWidth).t()).clamp(0, 255)).clamp(0, 255);
        // One rounding after each pass; the second pass carries the first's error on with weights whose sizes sum to less than 1.7.
        Assert.InRange((resized - expected).abs().max().item<double>(), 0, 1.4);
        Assert.InRange((resized - expected).abs().mean().item<double>(), 0, 0.4);
    }

    [Fact]
    public void Network_input_is_bgr_minus_the_mean_of_imagenet()
    {
        using var scope = NewDisposeScope();
        var rgb = tensor(new byte[] { 10, 20, 30 }, [1, 3, 1, 1]);
        var input = ImagePreprocessor.Normalize(rgb, ScalarType.Float64, CPU);
        Assert.Equal(ScalarType.Float64, input.dtype);
        Assert.Equal([30 - 104.00698793f, 20 - 116.66876762f, 10 - 122.67891434f], input.flatten().to(ScalarType.Float32).data<float>().ToArray());
    }

    // Rows of weights from the definition: cubic convolution with a = -0.5, widened when shrinking, normalised.
    private static Tensor Filter(int size, int newSize)
    {
        var (scale, weights) = ((double)size / newSize, new double[newSize * size]);
        var width = Math.Max(scale, 1);
        for (var i = 0; i < newSize; i++)
        {
            var centre = (i + 0.5) * scale;
            var row = weights.AsSpan(i * size, size);
            var total = 0.0;
            for (var x = 0; x < size; x++)
            {
                var t = Math.Abs(x + 0.5 - centre) / width;
                row[x] = t < 1 ? (1.5 * t * t * t) - (2.5 * t * t) + 1 : t < 2 ? (-0.5 * t * t * t) + (2.5 * t * t) - (4 * t) + 2 : 0;
                total += row[x];
            }

            for (var x = 0; x < size; x++)
            {
                row[x] /= total;
            }
        }

        return tensor(weights, [newSize, size]);
    }
}

using IntraDA.Learning.Inference.Fast;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Tests.Inference.Fast;

public sealed class WinogradConvTests
{
    [Theory]
    [InlineData(1, 16, 32, 13, 9, 1)]
    [InlineData(2, 32, 16, 20, 16, 2)]
    [InlineData(1, 64, 48, 17, 33, 4)]
    [InlineData(1, 16, 16, 3, 2, 4)]
    [InlineData(3, 16, 16, 1, 1, 1)]
    public void The_tiled_convolution_is_the_direct_one(int images, int inputs, int outputs, int width, int height, int dilation)
    {
        using var scope = NewDisposeScope();
        var weight = Samples.Normal(1, outputs, inputs, 3, 3).to(ScalarType.Float64) * Math.Sqrt(2.0 / (9 * inputs));
        var bias = Samples.Normal(2, outputs).to(ScalarType.Float64);
        var input = Samples.Normal(3, images, height, width, inputs).permute(0, 3, 1, 2);
        using var conv = new WinogradConv(weight, bias, dilation);
        var expected = functional.conv2d(input.to(ScalarType.Float64), weight, bias, [1, 1], [dilation, dilation], [dilation, dilation]);
        IsClose(expected, conv.Forward(input, relu: false));
        IsClose(functional.relu(expected), conv.Forward(input, relu: true));
    }

    [Theory]
    [InlineData(7, 5, 1)]
    [InlineData(65, 33, 2)]
    [InlineData(10, 11, 4)]
    [InlineData(2, 2, 4)]
    public void Tiles_cover_every_pixel_once(int width, int height, int dilation)
    {
        var covered = new int[width * height];
        foreach (var (left, top) in WinogradTiles.Cover(width, height, dilation))
        {
            for (var i = 0; i < WinogradTransforms.Tile * WinogradTransforms.Tile; i++)
            {
                var (x, y) = (left + (i % WinogradTransforms.Tile * dilation), top + (i / WinogradTransforms.Tile * dilation));
                if (x < width && y < height)
                {
                    covered[(y * width) + x]++;
                }
            }
        }

        Assert.All(covered, count => Assert.Equal(1, count));
    }

    private static void IsClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual.to(ScalarType.Float64) - expected).abs().max().ToDouble(), 0, 5e-5);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// A 3x3 convolution of stride 1, computed as 36 matrix products on transformed windows (see <see cref="WinogradTransforms"/>): a quarter of the
/// multiplications of the direct way, in float32 about two more digits lost in the last bits.
/// </summary>
internal sealed unsafe class WinogradConv : IFoldedConv
{
    // Tiles that are transformed, multiplied and transformed back together: enough for each matrix to be read seldom, few enough for a core's caches.
    private const int MostTiles = 96;

    private readonly PackedMatrix[] _weights;
    private readonly float[] _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _dilation;

    /// <summary>Creates the convolution.</summary>
    /// <param name="weight"><c>[out, in, 3, 3]</c>, float64.</param>
    /// <param name="bias"><c>[out]</c>, float64.</param>
    /// <param name="dilation">Spacing of the taps, and padding.</param>
    public WinogradConv(Tensor weight, Tensor bias, int dilation)
    {
        using var scope = NewDisposeScope();
        _dilation = dilation;
        (_outputs, _inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        _bias = bias.to(ScalarType.Float32).data<float>().ToArray();
        var transformed = Transform(weight.contiguous().data<double>().ToArray(), _outputs * _inputs);
        _weights = [.. transformed.Select(values => new PackedMatrix(tensor(values, [_outputs, _inputs])))];
    }

    /// <summary>Whether a convolution of so many channels can be computed this way.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <returns>True where both are multiples of the vector's length.</returns>
    public static bool Takes(long inputs, long outputs) =>
        inputs % WinogradTransforms.Lanes == 0 && PackedMatrix.Takes(outputs);

    /// <inheritdoc />
    public Tensor Forward(Tensor input, bool relu)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = ((int)input.shape[0], (int)input.shape[2], (int)input.shape[3]);
        var tiles = WinogradTiles.Cover(width, height, _dilation);
        var result = empty([images, height, width, _outputs], ScalarType.Float32);
        var from = TensorMemory.Pointer(input);
        var to = TensorMemory.Pointer(result);
        var floor = relu ? 0 : float.NegativeInfinity;
        // Pieces of one size, as many as keep all threads busy to the end.
        var threads = get_num_threads();
        var pieces = (tiles.Length + (MostTiles * threads) - 1) / (MostTiles * threads) * threads;
        var size = (tiles.Length + pieces - 1) / pieces;
        ComputeThreads.For(images * pieces, i =>
        {
            var (image, piece) = Math.DivRem(i, pieces);
            var first = Math.Min(piece * size, tiles.Length);
            var count = Math.Min(size, tiles.Length - first);
            var pixels = (long)image * height * width;
            Convolve(from + (pixels * _inputs), to + (pixels * _outputs), tiles.AsSpan(first, count), width, height, floor);
        });
        GC.KeepAlive(input);
        return result.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var weight in _weights)
        {
            weight.Dispose();
        }
    }

    private static float[][] Transform(double[] kernels, int pairs)
    {
        var transformed = new float[WinogradTransforms.Positions][];
        for (var i = 0; i < transformed.Length; i++)
        {
            transformed[i] = new float[pairs];
        }

        Span<double> one = stackalloc double[WinogradTransforms.Positions];
        for (var pair = 0; pair < pairs; pair++)
        {
            WinogradTransforms.Kernel(kernels.AsSpan(9 * pair, 9), one);
            for (var i = 0; i < one.Length; i++)
            {
                transformed[i][pair] = (float)one[i];
            }
        }

        return transformed;
    }

    private void Convolve(float* from, float* to, ReadOnlySpan<(int X, int Y)> tiles, int width, int height, float floor)
    {
        using var scratch = new ScratchMemory(WinogradTransforms.Positions * tiles.Length * (_inputs + _outputs));
        var windows = scratch.First;
        var products = windows + ((long)WinogradTransforms.Positions * tiles.Length * _inputs);
        Gather(from, windows, tiles, width, height);
        for (var i = 0; i < WinogradTransforms.Positions; i++)
        {
            _weights[i].Multiply(windows + ((long)i * tiles.Length * _inputs), tiles.Length, products + ((long)i * tiles.Length * _outputs));
        }

        Scatter(products, to, tiles, width, height, floor);
    }

    [SkipLocalsInit]
    private void Gather(float* from, float* windows, ReadOnlySpan<(int X, int Y)> tiles, int width, int height)
    {
        var window = stackalloc Vector512<float>[WinogradTransforms.Positions];
        var offsets = stackalloc long[WinogradTransforms.Positions];
        var positionStride = (long)tiles.Length * _inputs;
        for (var t = 0; t < tiles.Length; t++)
        {
            Offsets(tiles[t], _dilation, width, height, _inputs, offsets);
            var to = windows + ((long)t * _inputs);
            for (var channel = 0; channel < _inputs; channel += WinogradTransforms.Lanes)
            {
                for (var i = 0; i < WinogradTransforms.Positions; i++)
                {
                    window[i] = offsets[i] < 0 ? Vector512<float>.Zero : Vector512.Load(from + offsets[i] + channel);
                }

                WinogradTransforms.Input(window);
                for (var i = 0; i < WinogradTransforms.Positions; i++)
                {
                    window[i].Store(to + (i * positionStride) + channel);
                }
            }
        }
    }

    [SkipLocalsInit]
    private void Scatter(float* products, float* to, ReadOnlySpan<(int X, int Y)> tiles, int width, int height, float floor)
    {
        var window = stackalloc Vector512<float>[WinogradTransforms.Positions];
        var positionStride = (long)tiles.Length * _outputs;
        var least = Vector512.Create(floor);
        fixed (float* shift = _bias)
        {
            for (var t = 0; t < tiles.Length; t++)
            {
                var row = products + ((long)t * _outputs);
                for (var channel = 0; channel < _outputs; channel += WinogradTransforms.Lanes)
                {
                    for (var i = 0; i < WinogradTransforms.Positions; i++)
                    {
                        window[i] = Vector512.Load(row + (i * positionStride) + channel);
                    }

                    WinogradTransforms.Output(window);
                    var add = Vector512.Load(shift + channel);
                    for (int i = 0, y = tiles[t].Y; i < WinogradTransforms.Tile && y < height; i++, y += _dilation)
                    {
                        for (int j = 0, x = tiles[t].X; j < WinogradTransforms.Tile && x < width; j++, x += _dilation)
                        {
                            var value = window[(i * WinogradTransforms.Window) + j] + add;
                            Vector512.Max(value, least).Store(to + ((((long)y * width) + x) * _outputs) + channel);
                        }
                    }
                }
            }
        }
    }

    // Where the window's pixels lie; -1 for the zeros around the map.
    private static void Offsets((int X, int Y) tile, int dilation, int width, int height, int channels, long* offsets)
    {
        for (var i = 0; i < WinogradTransforms.Window; i++)
        {
            var y = tile.Y + ((i - 1) * dilation);
            for (var j = 0; j < WinogradTransforms.Window; j++)
            {
                var x = tile.X + ((j - 1) * dilation);
                var inside = y >= 0 && y < height && x >= 0 && x < width;
                offsets[(i * WinogradTransforms.Window) + j] = inside ? (((long)y * width) + x) * channels : -1;
            }
        }
    }
}

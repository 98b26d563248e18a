using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// A 3x3 convolution of stride 1 with bias and ReLU, computed as 36 matrix products on transformed windows (see <see cref="WinogradTransforms"/>):
/// a quarter of the multiplications of the direct way, in float32 about two more digits lost in the last bits.
/// </summary>
internal sealed unsafe class WinogradConv : IDisposable
{
    private readonly OneDnnKernels _kernels;
    private readonly Tensor[] _weights;
    private readonly float[] _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _dilation;

    /// <summary>Creates the convolution.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="weight"><c>[out, in, 3, 3]</c>, float64.</param>
    /// <param name="bias"><c>[out]</c>, float64.</param>
    /// <param name="dilation">Spacing of the taps, and padding.</param>
    public WinogradConv(OneDnnKernels kernels, Tensor weight, Tensor bias, int dilation)
    {
        using var scope = NewDisposeScope();
        _kernels = kernels;
        _dilation = dilation;
        (_outputs, _inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        _bias = bias.to(ScalarType.Float32).data<float>().ToArray();
        var transformed = Transform(weight.contiguous().data<double>().ToArray(), _outputs * _inputs);
        _weights =
        [
            .. transformed.Select(values => kernels
                .PackLinear(tensor(values, [_outputs, _inputs]), TypicalRows)
                .DetachFromDisposeScope()),
        ];
    }

    /// <summary>Rows that the matrices are packed for: the tiles of a 1024x512 image at stride 8.</summary>
    private const long TypicalRows = 561;

    /// <summary>Whether a convolution of so many channels can be computed this way.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <returns>True where both are multiples of the vector's length.</returns>
    public static bool Takes(long inputs, long outputs) =>
        inputs % WinogradTransforms.Lanes == 0 && outputs % WinogradTransforms.Lanes == 0;

    /// <summary>Convolves.</summary>
    /// <param name="input">float32, channels-last <c>[N, in, H, W]</c>.</param>
    /// <returns>Channels-last <c>[N, out, H, W]</c>, negative results set to 0.</returns>
    public Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (input.shape[0], (int)input.shape[2], (int)input.shape[3]);
        var tiles = WinogradTiles.Cover(width, height, _dilation);
        var result = empty([images, height, width, _outputs], ScalarType.Float32);
        var windows = empty([WinogradTransforms.Positions, tiles.Length, _inputs], ScalarType.Float32);
        for (var n = 0L; n < images; n++)
        {
            var from = TensorMemory.Pointer(input) + (n * height * width * _inputs);
            var to = TensorMemory.Pointer(result) + (n * height * width * _outputs);
            Gather(from, TensorMemory.Pointer(windows), tiles, width, height);
            using var products = new Products(this, windows);
            Scatter(products, to, tiles, width, height);
        }

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

    // Piece by piece, so that a piece's window rows stay in the first-level cache while all channels pass.
    private static void ForTiles(int count, Action<int> tile)
    {
        const int Piece = 16;
        ComputeThreads.For((count + Piece - 1) / Piece, piece =>
        {
            for (var i = piece * Piece; i < Math.Min((piece + 1) * Piece, count); i++)
            {
                tile(i);
            }
        });
    }

    [SkipLocalsInit]
    private void Gather(float* from, float* windows, (int X, int Y)[] tiles, int width, int height)
    {
        var (inputs, dilation, positionStride) = (_inputs, _dilation, (long)tiles.Length * _inputs);
        ForTiles(tiles.Length, t =>
        {
            var window = stackalloc Vector512<float>[WinogradTransforms.Positions];
            var offsets = stackalloc long[WinogradTransforms.Positions];
            Offsets(tiles[t], dilation, width, height, inputs, offsets);
            var to = windows + ((long)t * inputs);
            for (var channel = 0; channel < inputs; channel += WinogradTransforms.Lanes)
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
        });
    }

    [SkipLocalsInit]
    private void Scatter(Products products, float* to, (int X, int Y)[] tiles, int width, int height)
    {
        var (outputs, dilation, bias) = (_outputs, _dilation, _bias);
        ForTiles(tiles.Length, t =>
        {
            var window = stackalloc Vector512<float>[WinogradTransforms.Positions];
            var row = (long)t * outputs;
            fixed (float* shift = bias)
            {
                for (var channel = 0; channel < outputs; channel += WinogradTransforms.Lanes)
                {
                    for (var i = 0; i < WinogradTransforms.Positions; i++)
                    {
                        window[i] = Vector512.Load(products[i] + row + channel);
                    }

                    WinogradTransforms.Output(window);
                    var add = Vector512.Load(shift + channel);
                    for (int i = 0, y = tiles[t].Y; i < WinogradTransforms.Tile && y < height; i++, y += dilation)
                    {
                        for (int j = 0, x = tiles[t].X; j < WinogradTransforms.Tile && x < width; j++, x += dilation)
                        {
                            var value = window[(i * WinogradTransforms.Window) + j] + add;
                            Vector512.Max(value, Vector512<float>.Zero).Store(to + ((((long)y * width) + x) * outputs) + channel);
                        }
                    }
                }
            }
        });
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

    /// <summary>The 36 products of all tiles.</summary>
    private sealed class Products : IDisposable
    {
        private readonly Tensor[] _products = new Tensor[WinogradTransforms.Positions];
        private readonly nint[] _pointers = new nint[WinogradTransforms.Positions];

        public Products(WinogradConv conv, Tensor windows)
        {
            for (var i = 0; i < _products.Length; i++)
            {
                using var rows = windows.select(0, i);
                _products[i] = conv._kernels.Linear(rows, conv._weights[i]);
                _pointers[i] = (nint)TensorMemory.Pointer(_products[i]);
            }
        }

        public float* this[int position] => (float*)_pointers[position];

        public void Dispose()
        {
            foreach (var product in _products)
            {
                product.Dispose();
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// The two transforms of the minimal filtering algorithm F(4x4, 3x3) (Lavin and Gray, CVPR 2016, section 4.3) on sixteen channels at a time:
/// V = B' d B of a 6x6 window, and Y = A' M A of 36 products. A 3x3 convolution then needs 36 instead of 144 multiplications for 4x4 results.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Side of the tile of results.</summary>
    public const int Tile = 4;

    /// <summary>Side of the window that a tile reads.</summary>
    public const int Window = Tile + 2;

    /// <summary>Products of a tile.</summary>
    public const int Positions = Window * Window;

    /// <summary>Channels that are transformed at a time.</summary>
    public const int Lanes = 16;

    /// <summary>Transforms a window.</summary>
    /// <param name="window">The window's 36 vectors, row by row; overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(Vector512<float>* window)
    {
        for (var column = 0; column < Window; column++)
        {
            Input(window + column, Window);
        }

        for (var row = 0; row < Window; row++)
        {
            Input(window + (row * Window), 1);
        }
    }

    /// <summary>Transforms products into results.</summary>
    /// <param name="products">36 vectors, row by row; the first 4 of each of the first 4 rows become the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(Vector512<float>* products)
    {
        for (var column = 0; column < Window; column++)
        {
            Output(products + column, Window);
        }

        for (var row = 0; row < Tile; row++)
        {
            Output(products + (row * Window), 1);
        }
    }

    /// <summary>Transforms a 3x3 kernel: U = G g G'.</summary>
    /// <param name="kernel">Nine values, row by row.</param>
    /// <param name="transformed">Receives 36 values, row by row.</param>
    public static void Kernel(ReadOnlySpan<double> kernel, Span<double> transformed)
    {
        Span<double> half = stackalloc double[Window * 3];
        for (var column = 0; column < 3; column++)
        {
            Kernel(kernel[column], kernel[3 + column], kernel[6 + column], half[column..], 3);
        }

        for (var row = 0; row < Window; row++)
        {
            Kernel(half[3 * row], half[(3 * row) + 1], half[(3 * row) + 2], transformed[(row * Window)..], 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input(Vector512<float>* v, int step)
    {
        var d0 = v[0];
        var d1 = v[step];
        var d2 = v[2 * step];
        var d3 = v[3 * step];
        var d4 = v[4 * step];
        var d5 = v[5 * step];
        var four = Vector512.Create(4f);
        var five = Vector512.Create(5f);
        var even = d4 - (four * d2);
        var odd = d3 - (four * d1);
        var even2 = d4 - d2;
        var odd2 = (d3 - d1) * 2f;
        v[0] = (four * d0) - (five * d2) + d4;
        v[step] = even + odd;
        v[2 * step] = even - odd;
        v[3 * step] = even2 + odd2;
        v[4 * step] = even2 - odd2;
        v[5 * step] = (four * d1) - (five * d3) + d5;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output(Vector512<float>* v, int step)
    {
        var sum1 = v[step] + v[2 * step];
        var difference1 = v[step] - v[2 * step];
        var sum2 = v[3 * step] + v[4 * step];
        var difference2 = v[3 * step] - v[4 * step];
        var last = v[5 * step];
        v[0] += sum1 + sum2;
        v[step] = difference1 + (difference2 * 2f);
        v[2 * step] = sum1 + (sum2 * 4f);
        v[3 * step] = difference1 + (difference2 * 8f) + last;
    }

    private static void Kernel(double g0, double g1, double g2, Span<double> to, int step)
    {
        to[0] = g0 / 4;
        to[step] = -(g0 + g1 + g2) / 6;
        to[2 * step] = -(g0 - g1 + g2) / 6;
        to[3 * step] = (g0 / 24) + (g1 / 12) + (g2 / 6);
        to[4 * step] = (g0 / 24) - (g1 / 12) + (g2 / 6);
        to[5 * step] = g2;
    }
}

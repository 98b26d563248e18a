using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// A matrix that rows are multiplied by, in float32, with bias, residual and ReLU in the same pass. libtorch's own product does not use the
/// vectors of every processor, and its convolutions cannot be called for the pieces that stay in a core's cache.
/// </summary>
/// <remarks>
/// Packed as panels of <see cref="PanelWidth"/> columns, each <c>[inputs, 64]</c>: six rows of results, four vectors wide, then fit the processor's
/// registers, and a panel is read from first to last. What a row becomes depends on nothing but that row, whoever computes it.
/// </remarks>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Columns of a panel.</summary>
    public const int PanelWidth = Vectors * Lanes;

    private const int Lanes = WinogradTransforms.Lanes;
    private const int Vectors = 4;
    private const int Rows = 6;

    private readonly Tensor _panels;
    private readonly Tensor _bias;

    /// <summary>Packs a matrix.</summary>
    /// <param name="weight"><c>[out, in]</c>, any precision; outputs are a multiple of the vector's length (see <see cref="Takes"/>).</param>
    /// <param name="bias"><c>[out]</c>; null for none.</param>
    public PackedMatrix(Tensor weight, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        (Outputs, Inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        if (!Takes(Outputs))
        {
            throw new ArgumentException($"{Outputs} outputs are no multiple of {Lanes}.", nameof(weight));
        }

        var panels = (Outputs + PanelWidth - 1) / PanelWidth;
        var padded = zeros([panels * PanelWidth, Inputs], ScalarType.Float32);
        padded.narrow(0, 0, Outputs).copy_(weight);
        _panels = padded.reshape(panels, PanelWidth, Inputs).permute(0, 2, 1).contiguous().DetachFromDisposeScope();
        _bias = zeros([panels * PanelWidth], ScalarType.Float32);
        if (bias is not null)
        {
            _bias.narrow(0, 0, Outputs).copy_(bias);
        }

        _bias.DetachFromDisposeScope();
    }

    /// <summary>Columns of a row that is multiplied.</summary>
    public int Inputs { get; }

    /// <summary>Columns of a row of results.</summary>
    public int Outputs { get; }

    /// <summary>Whether this processor has the vectors that the product is made for; it is correct without them, and slow.</summary>
    public static bool IsFast => Vector512.IsHardwareAccelerated;

    /// <summary>Whether a matrix of so many outputs can be packed.</summary>
    /// <param name="outputs">Outputs.</param>
    /// <returns>True for multiples of the vector's length.</returns>
    public static bool Takes(long outputs) => outputs % Lanes == 0;

    /// <summary>Multiplies rows, on the caller's thread.</summary>
    /// <param name="from">The rows, <c>[count, inputs]</c>.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">Receives <c>[count, outputs]</c>.</param>
    /// <param name="after">What happens to the results.</param>
    public void Multiply(float* from, int count, float* to, Epilogue after = Epilogue.None)
    {
        var panels = TensorMemory.Pointer(_panels);
        var bias = TensorMemory.Pointer(_bias);
        var block = stackalloc Vector512<float>[Rows * Vectors];
        // A panel stays in the second-level cache while all rows pass.
        for (var column = 0; column < Outputs; column += PanelWidth)
        {
            var panel = panels + ((long)column * Inputs);
            var vectors = Math.Min(Vectors, (Outputs - column) / Lanes);
            for (var row = 0; row < count; row += Rows)
            {
                var rows = Math.Min(Rows, count - row);
                Multiply(from + ((long)row * Inputs), rows, Inputs, panel, bias + column, block);
                Store(block, rows, vectors, to + ((long)row * Outputs) + column, after);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Multiplies rows, on all threads.</summary>
    /// <param name="from">The rows, <c>[count, inputs]</c>.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">Receives <c>[count, outputs]</c>.</param>
    /// <param name="after">What happens to the results.</param>
    public void MultiplyOnAll(float* from, int count, float* to, Epilogue after)
    {
        // As many rows as the second-level cache holds beside a panel.
        const int CachedValues = 128 * 1024;
        var piece = Math.Max(Rows, CachedValues / Inputs / Rows * Rows);
        ComputeThreads.For((count + piece - 1) / piece, i =>
        {
            var first = i * piece;
            Multiply(from + ((long)first * Inputs), Math.Min(piece, count - first), to + ((long)first * Outputs), after);
        });
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _panels.Dispose();
        _bias.Dispose();
    }

    // Where fewer rows are left, the last one is computed again in place of those that are not there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply(float* from, int rows, int inputs, float* panel, float* bias, Vector512<float>* block)
    {
        var r0 = from;
        var r1 = from + ((long)Math.Min(1, rows - 1) * inputs);
        var r2 = from + ((long)Math.Min(2, rows - 1) * inputs);
        var r3 = from + ((long)Math.Min(3, rows - 1) * inputs);
        var r4 = from + ((long)Math.Min(4, rows - 1) * inputs);
        var r5 = from + ((long)Math.Min(5, rows - 1) * inputs);
        Vector512<float> s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33, s40, s41, s42, s43, s50, s51, s52, s53;
        s00 = s10 = s20 = s30 = s40 = s50 = Vector512.Load(bias);
        s01 = s11 = s21 = s31 = s41 = s51 = Vector512.Load(bias + Lanes);
        s02 = s12 = s22 = s32 = s42 = s52 = Vector512.Load(bias + (2 * Lanes));
        s03 = s13 = s23 = s33 = s43 = s53 = Vector512.Load(bias + (3 * Lanes));
        for (nint i = 0; i < inputs; i++, panel += PanelWidth)
        {
            var w0 = Vector512.Load(panel);
            var w1 = Vector512.Load(panel + Lanes);
            var w2 = Vector512.Load(panel + (2 * Lanes));
            var w3 = Vector512.Load(panel + (3 * Lanes));
            var x = Vector512.Create(r0[i]);
            s00 = Vector512.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, w1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, w2, s02);
            s03 = Vector512.FusedMultiplyAdd(x, w3, s03);
            x = Vector512.Create(r1[i]);
            s10 = Vector512.FusedMultiplyAdd(x, w0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, w1, s11);
            s12 = Vector512.FusedMultiplyAdd(x, w2, s12);
            s13 = Vector512.FusedMultiplyAdd(x, w3, s13);
            x = Vector512.Create(r2[i]);
            s20 = Vector512.FusedMultiplyAdd(x, w0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, w1, s21);
            s22 = Vector512.FusedMultiplyAdd(x, w2, s22);
            s23 = Vector512.FusedMultiplyAdd(x, w3, s23);
            x = Vector512.Create(r3[i]);
            s30 = Vector512.FusedMultiplyAdd(x, w0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, w1, s31);
            s32 = Vector512.FusedMultiplyAdd(x, w2, s32);
            s33 = Vector512.FusedMultiplyAdd(x, w3, s33);
            x = Vector512.Create(r4[i]);
            s40 = Vector512.FusedMultiplyAdd(x, w0, s40);
            s41 = Vector512.FusedMultiplyAdd(x, w1, s41);
            s42 = Vector512.FusedMultiplyAdd(x, w2, s42);
            s43 = Vector512.FusedMultiplyAdd(x, w3, s43);
            x = Vector512.Create(r5[i]);
            s50 = Vector512.FusedMultiplyAdd(x, w0, s50);
            s51 = Vector512.FusedMultiplyAdd(x, w1, s51);
            s52 = Vector512.FusedMultiplyAdd(x, w2, s52);
            s53 = Vector512.FusedMultiplyAdd(x, w3, s53);
        }

        (block[0], block[1], block[2], block[3]) = (s00, s01, s02, s03);
        (block[4], block[5], block[6], block[7]) = (s10, s11, s12, s13);
        (block[8], block[9], block[10], block[11]) = (s20, s21, s22, s23);
        (block[12], block[13], block[14], block[15]) = (s30, s31, s32, s33);
        (block[16], block[17], block[18], block[19]) = (s40, s41, s42, s43);
        (block[20], block[21], block[22], block[23]) = (s50, s51, s52, s53);
    }

    private void Store(Vector512<float>* block, int rows, int vectors, float* to, Epilogue after)
    {
        for (var row = 0; row < rows; row++, to += Outputs, block += Vectors)
        {
            for (var v = 0; v < vectors; v++)
            {
                var value = block[v];
                if (after == Epilogue.AddRelu)
                {
                    value += Vector512.Load(to + (v * Lanes));
                }

                if (after != Epilogue.None)
                {
                    value = Vector512.Max(value, Vector512<float>.Zero);
                }

                value.Store(to + (v * Lanes));
            }
        }
    }
}

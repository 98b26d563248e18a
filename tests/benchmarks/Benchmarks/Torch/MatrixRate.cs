using static TorchSharp.torch;

namespace IntraDA.Benchmarks.Torch;

/// <summary>How fast this libtorch multiplies matrices on this machine: what a processor can do at most, as far as a user can see.</summary>
internal static class MatrixRate
{
    private const int Side = 3072;
    private const int Runs = 5;

    /// <summary>Measures.</summary>
    /// <param name="type">Precision of the factors.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>Operations a second, an addition and a multiplication counted as two: the median of a few products.</returns>
    public static double Measure(ScalarType type, TimeProvider clock)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (a, b) = (ones([Side, Side], type), ones([Side, Side], type));
        var seconds = new double[Runs];
        a.matmul(b).Dispose();
        for (var i = 0; i < Runs; i++)
        {
            var start = clock.GetTimestamp();
            a.matmul(b).Dispose();
            seconds[i] = clock.GetElapsedTime(start).TotalSeconds;
        }

        return 2.0 * Side * Side * Side / Frame.PairedTimes.Median(seconds);
    }
}

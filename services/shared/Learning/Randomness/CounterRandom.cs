using System.Security.Cryptography;
using System.Text;

namespace IntraDA.Learning.Randomness;

/// <summary>
/// A random stream that is a pure function of a seed and a purpose. Nothing about it need be saved to resume a job: iteration
/// 812 of a resumed run asks for the stream of iteration 812 and gets the numbers of the uninterrupted one.
/// </summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) from a start that is a SHA-256 of seed and purpose.</remarks>
public sealed class CounterRandom
{
    private ulong _state;
    private double? _spareGaussian;

    /// <summary>Opens a stream.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for, e.g. "weights/conv1.weight"; other purposes give independent streams.</param>
    /// <param name="counter">Iteration or epoch, where there is one.</param>
    public CounterRandom(ulong seed, string purpose, long counter = 0)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{counter}\n{purpose}"), digest);
        _state = BitConverter.ToUInt64(digest);
    }

    /// <summary>The next 64 random bits.</summary>
    /// <returns>Uniform over all values.</returns>
    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>The next real number.</summary>
    /// <returns>Uniform over 0 (included) to 1 (excluded).</returns>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next real number of a range.</summary>
    /// <param name="low">Included.</param>
    /// <param name="high">Excluded.</param>
    /// <returns>Uniform over the range.</returns>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>The next whole number.</summary>
    /// <param name="exclusiveBound">At least 1.</param>
    /// <returns>Uniform over 0 to the bound, bound excluded.</returns>
    public int NextInt32(int exclusiveBound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveBound, 1);
        return (int)(((UInt128)NextBits() * (uint)exclusiveBound) >> 64);
    }

    /// <summary>The next normally distributed number.</summary>
    /// <returns>Mean 0, standard deviation 1.</returns>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }

        // 1 - x keeps the logarithm's argument off zero.
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextDouble());
        _spareGaussian = radius * sin;
        return radius * cos;
    }

    /// <summary>A random order.</summary>
    /// <param name="count">Number of elements, at least 0.</param>
    /// <returns>The numbers 0 to <paramref name="count"/> - 1, each once.</returns>
    public int[] NextPermutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (var i = count - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}

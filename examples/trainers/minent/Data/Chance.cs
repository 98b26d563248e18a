using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MinEntTrainer.Data;

/// <summary>Chance as a function of seed, purpose and position: a job that goes on from a checkpoint sees what it would have seen.</summary>
internal static class Chance
{
    /// <summary>A stream of numbers.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What they are for.</param>
    /// <param name="position">Iteration or epoch.</param>
    /// <returns>A generator.</returns>
    public static Random Of(ulong seed, string purpose, long position = 0) => new(
        BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{purpose}/{position}")))));

    /// <summary>A normally distributed number.</summary>
    /// <param name="random">The stream.</param>
    /// <returns>Mean 0, deviation 1.</returns>
    public static double Gaussian(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A number of a range.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="low">Included.</param>
    /// <param name="high">Excluded.</param>
    /// <returns>The number.</returns>
    public static double Between(this Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}

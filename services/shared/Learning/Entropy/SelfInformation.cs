using IntraDA.Learning.Numbers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Entropy;

/// <summary>Entropy of predictions, normalised by log2 C so that 1 is the uniform distribution (Vu et al., CVPR 2019, section 3).</summary>
/// <remarks>
/// Computed in the precision of the probabilities, which must be float32 or float64: in half precision the constant 1e-30 is zero
/// and p = 0 gives NaN.
/// </remarks>
public static class SelfInformation
{
    private const double Tiny = 1e-30;

    /// <summary>The weighted self-information map I = -p log2 p / log2 C (equation 5).</summary>
    /// <param name="probabilities">Softmax output, <c>[N, C, H, W]</c>.</param>
    /// <returns><c>[N, C, H, W]</c>; summed over C it is the entropy map.</returns>
    public static Tensor Map(Tensor probabilities)
    {
        RequireFullPrecision(probabilities);
        var logarithm = probabilities.Plus(Tiny).log2_();
        return (probabilities * logarithm).TimesInPlace(-1 / Math.Log2(probabilities.shape[1]));
    }

    /// <summary>The weighted self-information map of logits.</summary>
    /// <param name="logits"><c>[N, C, H, W]</c>.</param>
    /// <returns><c>[N, C, H, W]</c>.</returns>
    public static Tensor MapOfLogits(Tensor logits) => Map(functional.softmax(logits, 1));

    /// <summary>The entropy loss of MinEnt: the mean over pixels of the normalised entropy (equation 4).</summary>
    /// <param name="logits"><c>[N, C, H, W]</c>.</param>
    /// <returns>A scalar in 0..1.</returns>
    public static Tensor MeanEntropy(Tensor logits) => MapOfLogits(logits).sum(1).mean();

    private static void RequireFullPrecision(Tensor probabilities)
    {
        if (probabilities.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"Entropy needs float32 or float64 probabilities, not {probabilities.dtype}.", nameof(probabilities));
        }
    }
}

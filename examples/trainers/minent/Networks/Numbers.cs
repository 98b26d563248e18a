using TorchSharp;
using static TorchSharp.torch;

namespace MinEntTrainer.Networks;

/// <summary>
/// Arithmetic of tensors and numbers that holds the number while native code reads it. TorchSharp's own operators leave it to the collector, which
/// may free it too early; that ends a training after thousands of good steps.
/// </summary>
internal static class Numbers
{
    /// <summary>A new tensor, each element times a number.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="factor">The number.</param>
    /// <returns>The product.</returns>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul(scalar);
    }

    /// <summary>A new tensor, the sum of two.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="other">The other one.</param>
    /// <returns>The sum.</returns>
    public static Tensor Plus(this Tensor tensor, Tensor other)
    {
        using Scalar one = 1;
        return tensor.add(other, one);
    }

    /// <summary>Multiplies a tensor by a number, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="factor">The number.</param>
    public static void Scale(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        tensor.mul_(scalar);
    }

    /// <summary>Adds a multiple of another tensor, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="other">The other one.</param>
    /// <param name="factor">Factor on it.</param>
    public static void Add(this Tensor tensor, Tensor other, double factor)
    {
        using Scalar scalar = factor;
        tensor.add_(other, scalar);
    }
}

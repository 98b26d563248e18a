using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Numbers;

/// <summary>
/// Arithmetic of tensors and numbers. TorchSharp turns a number into an object of its own, whose native half is freed when the collector
/// finds nobody holding it: that can be while native code still reads it, and then a training dies with "Expected false to be true" after
/// thousands of good steps. Here the object is held until the operation is done.
/// </summary>
public static class ScalarOperations
{
    /// <summary>A new tensor, each element times a number.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="factor">The number.</param>
    /// <returns>The product, on the tensor's graph.</returns>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul(scalar);
    }

    /// <summary>A new tensor, each element divided by a number.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="divisor">The number.</param>
    /// <returns>The quotient, on the tensor's graph.</returns>
    public static Tensor Over(this Tensor tensor, double divisor)
    {
        using Scalar scalar = divisor;
        return tensor.div(scalar);
    }

    /// <summary>A new tensor, each element plus a number.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="summand">The number.</param>
    /// <returns>The sum, on the tensor's graph.</returns>
    public static Tensor Plus(this Tensor tensor, double summand)
    {
        using Scalar scalar = summand;
        using Scalar one = 1;
        return tensor.add(scalar, one);
    }

    /// <summary>Multiplies each element by a number, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="factor">The number.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor TimesInPlace(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul_(scalar);
    }

    /// <summary>Divides each element by a number, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="divisor">The number.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor OverInPlace(this Tensor tensor, double divisor)
    {
        using Scalar scalar = divisor;
        return tensor.div_(scalar);
    }

    /// <summary>Adds a number to each element, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="summand">The number.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor PlusInPlace(this Tensor tensor, double summand)
    {
        using Scalar scalar = summand;
        using Scalar one = 1;
        return tensor.add_(scalar, one);
    }

    /// <summary>Adds a whole number to each element, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="summand">The number.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor PlusInPlace(this Tensor tensor, long summand)
    {
        using Scalar scalar = summand;
        using Scalar one = 1;
        return tensor.add_(scalar, one);
    }

    /// <summary>A new tensor, the sum of two: the plain addition has a factor 1 on the second that nobody holds.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="other">The other one.</param>
    /// <returns>The sum, on the graph of both.</returns>
    public static Tensor Plus(this Tensor tensor, Tensor other)
    {
        using Scalar one = 1;
        return tensor.add(other, one);
    }

    /// <summary>Adds a multiple of another tensor, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="other">The other one.</param>
    /// <param name="factor">Factor on the other one.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor PlusInPlace(this Tensor tensor, Tensor other, double factor)
    {
        using Scalar scalar = factor;
        return tensor.add_(other, scalar);
    }

    /// <summary>Adds a multiple of the elementwise product of two tensors, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="first">One factor.</param>
    /// <param name="second">The other factor.</param>
    /// <param name="factor">Factor on the product.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor PlusProductInPlace(this Tensor tensor, Tensor first, Tensor second, double factor)
    {
        using Scalar scalar = factor;
        return tensor.addcmul_(first, second, scalar);
    }

    /// <summary>Adds a multiple of the elementwise quotient of two tensors, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dividend">The dividend.</param>
    /// <param name="divisor">The divisor.</param>
    /// <param name="factor">Factor on the quotient.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor PlusQuotientInPlace(this Tensor tensor, Tensor dividend, Tensor divisor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.addcdiv_(dividend, divisor, scalar);
    }

    /// <summary>Bounds each element, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="least">Lower bound.</param>
    /// <param name="most">Upper bound.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor ClampInPlace(this Tensor tensor, double least, double most)
    {
        using Scalar low = least;
        using Scalar high = most;
        return tensor.clamp_(low, high);
    }

    /// <summary>Raises each element to a power, in place.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="exponent">The exponent.</param>
    /// <returns>The tensor itself.</returns>
    public static Tensor PowerInPlace(this Tensor tensor, double exponent)
    {
        using Scalar scalar = exponent;
        return tensor.pow_(scalar);
    }

    /// <summary>The leaky rectifier: x where positive, else x times the slope.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="slope">Slope below zero.</param>
    /// <returns>A new tensor, on the tensor's graph.</returns>
    public static Tensor LeakyRectified(this Tensor tensor, double slope)
    {
        using Scalar scalar = slope;
        return tensor.leaky_relu(scalar);
    }
}

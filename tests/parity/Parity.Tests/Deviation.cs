using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests;

/// <summary>How far two results are apart.</summary>
internal static class Deviation
{
    /// <summary>Largest absolute difference.</summary>
    public static double Absolute(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        return (actual.to(ScalarType.Float64) - expected.to(ScalarType.Float64)).abs().max().ToDouble();
    }

    /// <summary>Largest absolute difference over the largest absolute expectation.</summary>
    public static double Relative(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return Absolute(actual, expected) / expected.to(ScalarType.Float64).abs().max().ToDouble();
    }

    /// <summary>Difference over the expectation; 0 where both are 0.</summary>
    public static double Relative(double actual, double expected) =>
        actual == expected ? 0 : Math.Abs(actual - expected) / Math.Abs(expected);

    /// <summary>Share of equal elements.</summary>
    public static double Agreement(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        return actual.to(ScalarType.Int64).eq(expected.to(ScalarType.Int64)).to(ScalarType.Float64).mean().ToDouble();
    }
}

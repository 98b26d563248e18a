using IntraDA.Learning.Inference.Fast;

namespace IntraDA.Learning.Inference;

/// <summary>What this processor makes of a wanted precision.</summary>
public static class PrecisionSupport
{
    /// <summary>What answers can differ by, processor apart.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <returns><paramref name="wanted"/>, except that <see cref="EnginePrecision.Auto"/> is float32 where the processor has nothing else.</returns>
    public static EnginePrecision Effective(EnginePrecision wanted) =>
        wanted == EnginePrecision.Auto && !FastNetworks.HasBFloat16() ? EnginePrecision.Full : wanted;
}

using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>A normalisation over channels.</summary>
public interface INormLayer
{
    /// <summary>Normalises.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="mode">Which statistics are used and updated.</param>
    /// <returns>The same shape.</returns>
    Tensor Forward(Tensor input, NormMode mode);
}

using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A convolution with the normalisation behind it folded in.</summary>
internal interface IFoldedConv : IDisposable
{
    /// <summary>Convolves.</summary>
    /// <param name="input">Channels-last <c>[N, in, H, W]</c>.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <returns>Channels-last <c>[N, out, H', W']</c>.</returns>
    Tensor Forward(Tensor input, bool relu);
}

using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A network rewritten for inference.</summary>
internal interface IFastNetwork : IDisposable
{
    /// <summary>Logits of the main classifier.</summary>
    /// <param name="images">Network input, float32, channels-last <c>[N, 3, H, W]</c>.</param>
    /// <returns>float32, contiguous <c>[N, C, h, w]</c>.</returns>
    Tensor Logits(Tensor images);
}

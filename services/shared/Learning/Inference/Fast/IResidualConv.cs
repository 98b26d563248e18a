using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A 1x1 convolution that ends a residual block.</summary>
internal interface IResidualConv : IFoldedConv
{
    /// <summary>Adds the convolution to a tensor and applies ReLU, in place.</summary>
    /// <param name="sum">Channels-last <c>[N, out, H, W]</c>; receives the result.</param>
    /// <param name="input">Channels-last <c>[N, in, H, W]</c>.</param>
    void AddRelu(Tensor sum, Tensor input);
}

using static TorchSharp.torch;

namespace MinEntTrainer.Networks;

/// <summary>A square convolution.</summary>
/// <param name="weight"><c>[out, in, k, k]</c>.</param>
/// <param name="bias"><c>[out]</c>; null: none.</param>
/// <param name="stride">Stride, pixels.</param>
/// <param name="padding">Zeros on each side, pixels.</param>
/// <param name="dilation">Spacing of the taps, pixels.</param>
internal sealed class Convolution(Tensor weight, Tensor? bias, int stride, int padding, int dilation)
{
    // oneDNN, with which libtorch convolves on processors, works on blocks of 16 channels. Where the last block is not full, gradients are made of
    // memory that nobody has written: now right, now NaN. Zero channels fill it.
    private const long Block = 16;

    /// <summary>Convolves.</summary>
    /// <param name="input"><c>[N, in, H, W]</c>.</param>
    /// <returns><c>[N, out, H', W']</c>.</returns>
    public Tensor Forward(Tensor input)
    {
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        // A first block that is not full, as that of an image's three channels, has kernels of its own.
        var moreInputs = inputs < Block ? 0 : -inputs & (Block - 1);
        var moreOutputs = -outputs & (Block - 1);
        using var scope = NewDisposeScope();
        var (x, w, b) = (input, weight, bias);
        if (moreInputs + moreOutputs > 0)
        {
            x = moreInputs == 0 ? x : nn.functional.pad(x, [0, 0, 0, 0, 0, moreInputs]);
            w = nn.functional.pad(w, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]);
            b = b is null ? null : nn.functional.pad(b, [0, moreOutputs]);
        }

        var y = nn.functional.conv2d(x, w, b, [stride, stride], [padding, padding], [dilation, dilation]);
        return (moreOutputs == 0 ? y : y.narrow(1, 0, outputs)).MoveToOuterDisposeScope();
    }
}

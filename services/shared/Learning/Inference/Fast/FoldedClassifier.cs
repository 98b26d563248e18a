using static TorchSharp.torch;
using System.Runtime.Intrinsics;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// The classifier of DeepLab-v2 as one matrix product: every pixel is multiplied once by all taps of all branches, then each pixel of the result
/// adds up what its 36 neighbours hold for it. Convolving directly would waste half of each vector on 19 output channels.
/// </summary>
internal sealed unsafe class FoldedClassifier : IDisposable
{
    private const int Taps = 9;

    private readonly IFoldedConv _product;
    private readonly float[] _bias;
    private readonly int _classes;
    private readonly int _width;
    private readonly IReadOnlyList<int> _rates;

    /// <summary>Creates the classifier.</summary>
    /// <param name="convs">Makes the product.</param>
    /// <param name="branches">Kernel <c>[classes, in, 3, 3]</c> and bias <c>[classes]</c> of each branch.</param>
    /// <param name="rates">Dilation of each branch.</param>
    public FoldedClassifier(FoldedConvs convs, IReadOnlyList<(Tensor Weight, Tensor Bias)> branches, IReadOnlyList<int> rates)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _rates = rates;
        _classes = (int)branches[0].Weight.shape[0];
        // Each tap's classes begin at a whole vector, so that pixels add up vector by vector.
        _width = (_classes + WinogradTransforms.Lanes - 1) / WinogradTransforms.Lanes * WinogradTransforms.Lanes;
        var inputs = branches[0].Weight.shape[1];
        var matrices = branches.Select(b =>
        {
            var taps = b.Weight.detach().permute(2, 3, 0, 1).reshape(Taps, _classes, inputs);
            return cat([taps, zeros([Taps, _width - _classes, inputs], taps.dtype)], 1).reshape(-1, inputs);
        });
        var all = cat([.. matrices], 0);
        _product = convs.Pointwise(all.reshape(-1, inputs, 1, 1), zeros([all.shape[0]], all.dtype), stride: 1);
        _bias = new float[_width];
        foreach (var (_, bias) in branches)
        {
            var values = bias.detach().to(ScalarType.Float32).data<float>().ToArray();
            for (var c = 0; c < _classes; c++)
            {
                _bias[c] += values[c];
            }
        }
    }

    /// <summary>Classifies.</summary>
    /// <param name="features">Channels-last <c>[N, in, H, W]</c>.</param>
    /// <returns>float32 logits, <c>[N, classes, H, W]</c>, contiguous.</returns>
    public Tensor Forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (features.shape[0], (int)features.shape[2], (int)features.shape[3]);
        var products = _product.Forward(features, relu: false).to(ScalarType.Float32);
        var logits = empty([images, _classes, height, width], ScalarType.Float32);
        var from = TensorMemory.Pointer(products);
        var to = TensorMemory.Pointer(logits);
        for (var n = 0; n < images; n++)
        {
            Gather(from + ((long)n * height * width * _width * Taps * _rates.Count), to + ((long)n * _classes * height * width), width, height);
        }

        return logits.MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose() => _product.Dispose();

    private void Gather(float* products, float* logits, int width, int height)
    {
        var stride = (long)_width * Taps * _rates.Count;
        ComputeThreads.For(height, y =>
        {
            var sums = stackalloc float[_width];
            for (var x = 0; x < width; x++)
            {
                _bias.CopyTo(new Span<float>(sums, _width));
                for (var branch = 0; branch < _rates.Count; branch++)
                {
                    var rate = _rates[branch];
                    for (var tap = 0; tap < Taps; tap++)
                    {
                        var (fromY, fromX) = (y + (((tap / 3) - 1) * rate), x + (((tap % 3) - 1) * rate));
                        if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width)
                        {
                            var part = products + ((((long)fromY * width) + fromX) * stride) + ((((long)branch * Taps) + tap) * _width);
                            for (var c = 0; c < _width; c += WinogradTransforms.Lanes)
                            {
                                (Vector512.Load(sums + c) + Vector512.Load(part + c)).Store(sums + c);
                            }
                        }
                    }
                }

                for (var c = 0; c < _classes; c++)
                {
                    logits[((long)c * height * width) + ((long)y * width) + x] = sums[c];
                }
            }
        });
    }
}

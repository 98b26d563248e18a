using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A residual block without normalisations.</summary>
/// <param name="reduce">1x1.</param>
/// <param name="direct">3x3; null where <paramref name="winograd"/> computes it.</param>
/// <param name="winograd">3x3; null where <paramref name="direct"/> computes it.</param>
/// <param name="expand">1x1.</param>
/// <param name="project">1x1 of the shortcut; null where the shortcut is the input itself.</param>
internal sealed class FoldedBottleneck(FoldedConv reduce, FoldedConv? direct, WinogradConv? winograd, FoldedConv expand, FoldedConv? project) : IDisposable
{
    /// <summary>Computes the block; its input is used up.</summary>
    /// <param name="input">Channels-last <c>[N, in, H, W]</c>; overwritten or disposed.</param>
    /// <returns>Channels-last <c>[N, out, H', W']</c>.</returns>
    public Tensor Forward(Tensor input)
    {
        using var reduced = reduce.Forward(input, relu: true);
        using var middle = winograd?.Forward(reduced) ?? direct!.Forward(reduced, relu: true);
        var sum = input;
        if (project is not null)
        {
            sum = project.Forward(input, relu: false);
            input.Dispose();
        }

        expand.AddRelu(sum, middle);
        return sum;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        reduce.Dispose();
        direct?.Dispose();
        winograd?.Dispose();
        expand.Dispose();
        project?.Dispose();
    }
}

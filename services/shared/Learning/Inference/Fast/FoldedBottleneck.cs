using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A residual block without normalisations.</summary>
/// <param name="reduce">1x1.</param>
/// <param name="middle">3x3.</param>
/// <param name="expand">1x1.</param>
/// <param name="project">1x1 of the shortcut; null where the shortcut is the input itself.</param>
internal sealed class FoldedBottleneck(IFoldedConv reduce, IFoldedConv middle, IResidualConv expand, IFoldedConv? project) : IDisposable
{
    /// <summary>Computes the block; its input is used up.</summary>
    /// <param name="input">Channels-last <c>[N, in, H, W]</c>; overwritten or disposed.</param>
    /// <returns>Channels-last <c>[N, out, H', W']</c>.</returns>
    public Tensor Forward(Tensor input)
    {
        using var reduced = reduce.Forward(input, relu: true);
        using var filtered = middle.Forward(reduced, relu: true);
        var sum = input;
        if (project is not null)
        {
            sum = project.Forward(input, relu: false);
            input.Dispose();
        }

        expand.AddRelu(sum, filtered);
        return sum;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        reduce.Dispose();
        middle.Dispose();
        expand.Dispose();
        project?.Dispose();
    }
}

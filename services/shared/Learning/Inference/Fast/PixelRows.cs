using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>Maps as the rows of a matrix, one a pixel.</summary>
internal static class PixelRows
{
    /// <summary>Looks at a map as rows.</summary>
    /// <param name="map">Channels-last <c>[N, C, H, W]</c>.</param>
    /// <returns>A view <c>[N H W, C]</c>.</returns>
    public static Tensor Of(Tensor map) => map.permute(0, 2, 3, 1).reshape(-1, map.shape[1]);

    /// <summary>Keeps every n-th pixel of every n-th row: what a 1x1 convolution of that stride reads.</summary>
    /// <param name="map">Channels-last <c>[N, C, H, W]</c>.</param>
    /// <param name="stride">n.</param>
    /// <returns>Channels-last <c>[N, C, H', W']</c>: for a stride of 1 a view.</returns>
    public static Tensor Thin(Tensor map, long stride)
    {
        using var scope = NewDisposeScope();
        return map.permute(0, 2, 3, 1)
            .slice(1, 0, map.shape[2], stride)
            .slice(2, 0, map.shape[3], stride)
            .contiguous()
            .permute(0, 3, 1, 2)
            .MoveToOuterDisposeScope();
    }
}

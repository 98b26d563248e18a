using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>Logits at the size of an image or label map: bilinear with aligned corners, in training and prediction, as published.</summary>
public static class LogitUpsampling
{
    /// <summary>Resizes logits.</summary>
    /// <param name="logits"><c>[N, C, h, w]</c>.</param>
    /// <param name="width">W, pixels.</param>
    /// <param name="height">H, pixels.</param>
    /// <returns><c>[N, C, H, W]</c>.</returns>
    public static Tensor To(Tensor logits, long width, long height) =>
        functional.interpolate(logits, [height, width], mode: InterpolationMode.Bilinear, align_corners: true);
}

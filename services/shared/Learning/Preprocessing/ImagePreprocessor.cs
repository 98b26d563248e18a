using static TorchSharp.torch;

namespace IntraDA.Learning.Preprocessing;

/// <summary>
/// From RGB pixels to network input as published: bicubic resize with antialiasing (Pillow's, to the byte), channels reversed to BGR, mean of
/// ImageNet subtracted, scale 0-255 kept.
/// </summary>
public static class ImagePreprocessor
{
    /// <summary>Mean of B, G and R that is subtracted (the Caffe model's, method.md 4.20).</summary>
    public static IReadOnlyList<float> MeanBgr { get; } = [104.00698793f, 116.66876762f, 122.67891434f];

    /// <summary>Resizes an image, in bytes as Pillow does: the result is rounded and clamped to 0..255.</summary>
    /// <param name="pixels">RGB, row-major <c>[H, W, 3]</c>.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <param name="newWidth">Width of the result.</param>
    /// <param name="newHeight">Height of the result.</param>
    /// <returns>RGB bytes, <c>[3, newHeight, newWidth]</c>, contiguous.</returns>
    public static Tensor Resize(byte[] pixels, int width, int height, int newWidth, int newHeight)
    {
        using var scope = NewDisposeScope();
        var resized = BicubicResampler.Resize(pixels, width, height, newWidth, newHeight);
        var image = tensor(resized, [newHeight, newWidth, 3]).permute(2, 0, 1);
        return image.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Turns resized images into network input.</summary>
    /// <param name="images">RGB on the 0-255 scale, any number type, <c>[N, 3, H, W]</c>.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="device">Where the result lives.</param>
    /// <returns>BGR minus mean, <c>[N, 3, H, W]</c>.</returns>
    public static Tensor Normalize(Tensor images, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var mean = tensor(new[] { MeanBgr[0], MeanBgr[1], MeanBgr[2] }, [1, 3, 1, 1], device: device);
        // The subtraction is done in float32 as published, whatever the precision of the network.
        var bgr = images.to(device).to(ScalarType.Float32).flip(1);
        return (bgr - mean).to(type).MoveToOuterDisposeScope();
    }
}

using IntraDA.Learning.Inference;
using IntraDA.Learning.Inference.Fast;
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
        return ToTensor(ResizePixels(pixels, width, height, newWidth, newHeight), newWidth, newHeight);
    }

    /// <summary>Resizes an image as <see cref="Resize"/> does, without torch.</summary>
    /// <param name="pixels">RGB, row-major <c>[H, W, 3]</c>.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <param name="newWidth">Width of the result.</param>
    /// <param name="newHeight">Height of the result.</param>
    /// <returns>RGB bytes, <c>[newHeight, newWidth, 3]</c>; <paramref name="pixels"/> itself where the size stays.</returns>
    public static byte[] ResizePixels(byte[] pixels, int width, int height, int newWidth, int newHeight) =>
        BicubicResampler.Resize(pixels, width, height, newWidth, newHeight);

    /// <summary>RGB bytes as a tensor.</summary>
    /// <param name="pixels">Row-major <c>[H, W, 3]</c>.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <returns>Bytes, <c>[3, H, W]</c>, contiguous.</returns>
    internal static Tensor ToTensor(byte[] pixels, int width, int height)
    {
        using var scope = NewDisposeScope();
        return tensor(pixels, [height, width, 3]).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Prepared images as network input: what <see cref="Normalize"/> gives, in float32 and channels-last, in one pass over the bytes.</summary>
    /// <param name="images">Of the given size.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <returns>BGR minus mean, <c>[N, 3, H, W]</c> with channels innermost in memory.</returns>
    internal static unsafe Tensor ChannelsLast(IReadOnlyList<PreparedImage> images, int width, int height)
    {
        using var scope = NewDisposeScope();
        var result = empty([images.Count, height, width, 3], ScalarType.Float32);
        var (blue, green, red) = (MeanBgr[0], MeanBgr[1], MeanBgr[2]);
        var to = TensorMemory.Pointer(result);
        foreach (var image in images)
        {
            var from = image.Pixels;
            if (from.Length != width * height * 3)
            {
                throw new ArgumentException($"A prepared image has {from.Length} bytes where {width}x{height} pixels have {width * height * 3}.", nameof(images));
            }

            for (var i = 0; i < from.Length; i += 3)
            {
                to[i] = from[i + 2] - blue;
                to[i + 1] = from[i + 1] - green;
                to[i + 2] = from[i] - red;
            }

            to += from.Length;
        }

        return result.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
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

using MinEntTrainer.Service;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace MinEntTrainer.Data;

/// <summary>Reads photographs as the ensemble does: EXIF orientation and colour profiles are left alone, alpha is dropped.</summary>
internal static class Photo
{
    /// <summary>Decodes a JPEG or PNG and resizes it, bicubic with antialiasing.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="width">Wanted width.</param>
    /// <param name="height">Wanted height.</param>
    /// <param name="name">For messages.</param>
    /// <returns>Planes of R, G and B, and the size of the file.</returns>
    /// <exception cref="Refusal">INVALID_ARGUMENT: it cannot be used.</exception>
    public static (byte[] Rgb, int Width, int Height) Read(byte[] file, int width, int height, string name)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw Bad(name);
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (codec.GetPixels(info, out var rgba) != SKCodecResult.Success)
        {
            throw Bad(name);
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var image = tensor(rgba, [1, info.Height, info.Width, 4]).narrow(3, 0, 3).permute(0, 3, 1, 2);
        if ((info.Width, info.Height) != (width, height))
        {
            image = nn.functional.interpolate(
                image.to(ScalarType.Float32), [height, width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true).round().ToBytes();
        }

        return (image.contiguous().bytes.ToArray(), info.Width, info.Height);
    }

    private static Tensor ToBytes(this Tensor values)
    {
        using Scalar low = 0;
        using Scalar high = 255;
        return values.clamp(low, high).to(ScalarType.Byte);
    }

    private static Refusal Bad(string name) => SpecRules.Bad("dataset", $"The image '{name}' is damaged, or neither JPEG nor PNG.");
}

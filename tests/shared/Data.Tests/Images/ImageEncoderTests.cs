using IntraDA.Data.Images;
using IntraDA.Data.Labels;

namespace IntraDA.Data.Tests.Images;

public sealed class ImageEncoderTests
{
    [Fact]
    public void A_grey_map_is_an_8_bit_greyscale_png()
    {
        byte[] pixels = [.. Enumerable.Range(0, 35).Select(i => (byte)(i * 7))];
        var raw = PngReader.Read(ImageEncoder.EncodeGrayPng(7, 5, pixels), "grey", new ImageLimits());
        Assert.Equal((PngColorType.Gray, 8), (raw.ColorType, raw.BitDepth));
        Assert.Equal(pixels.Select(pixel => (ushort)pixel), raw.Samples);
    }

    [Fact]
    public void A_photograph_is_an_8_bit_rgb_png_without_alpha()
    {
        var header = ImageHeader.Read(Pictures.Png(9, 4), "a", new ImageLimits());
        Assert.Equal(new ImageHeader(ImageFormat.Png, 9, 4, 3, 8), header);
    }

    [Fact]
    public void Lower_quality_makes_a_smaller_jpeg()
    {
        var image = Pictures.Gradient(64, 64);
        Assert.True(ImageEncoder.EncodeJpeg(image, 20).Length < ImageEncoder.EncodeJpeg(image, 95).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageEncoder.EncodeJpeg(image, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageEncoder.EncodeJpeg(image, 101));
    }

    [Fact]
    public void Pixels_of_another_size_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageEncoder.EncodeGrayPng(3, 3, new byte[8]));
        Assert.Throws<ArgumentException>(() => new RgbImage(3, 3, new byte[26]));
    }
}

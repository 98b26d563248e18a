using IntraDA.Data.Images;

namespace IntraDA.Data.Tests.Images;

public sealed class ImageDecoderTests
{
    private static readonly ImageLimits Limits = new();

    [Fact]
    public void A_png_comes_back_exactly()
    {
        var image = Pictures.Gradient(37, 23);
        var decoded = ImageDecoder.Decode(ImageEncoder.EncodePng(image), "a.png", Limits);
        Assert.Equal((37, 23), (decoded.Width, decoded.Height));
        Assert.Equal(image.Pixels, decoded.Pixels);
    }

    [Fact]
    public void A_jpeg_comes_back_nearly()
    {
        var image = new RgbImage(32, 16, Pictures.Repeat<byte>(32 * 16 * 3, 200, 100, 50));
        var decoded = ImageDecoder.Decode(ImageEncoder.EncodeJpeg(image, 95), "a.jpg", Limits);
        Assert.All(decoded.Pixels.Zip(image.Pixels), pair => Assert.InRange(pair.First - pair.Second, -3, 3));
    }

    [Theory]
    [InlineData(PngColorType.Gray, 1)]
    [InlineData(PngColorType.Gray, 4)]
    [InlineData(PngColorType.Gray, 8)]
    [InlineData(PngColorType.Palette, 2)]
    [InlineData(PngColorType.Palette, 8)]
    [InlineData(PngColorType.Rgb, 8)]
    [InlineData(PngColorType.Rgb, 16)]
    [InlineData(PngColorType.GrayAlpha, 8)]
    [InlineData(PngColorType.Rgba, 8)]
    [InlineData(PngColorType.Rgba, 16)]
    public void Every_kind_of_png_becomes_its_rgb(PngColorType colorType, int bitDepth)
    {
        foreach (var interlaced in new[] { false, true })
        {
            var png = new TestPng(13, 11, colorType, bitDepth, interlaced);
            var samples = png.Samples();
            var decoded = ImageDecoder.Decode(png.Encode(samples), "a.png", Limits);
            for (var pixel = 0; pixel < 13 * 11; pixel++)
            {
                for (var c = 0; c < 3; c++)
                {
                    Assert.Equal(Expected(pixel, c), decoded.Pixels[(3 * pixel) + c]);
                }
            }

            int Expected(int pixel, int c)
            {
                var first = pixel * png.Channels;
                return colorType switch
                {
                    PngColorType.Palette => (byte)(255 - (((3 * samples[first]) + c) * 5)),
                    PngColorType.Gray or PngColorType.GrayAlpha => samples[first] * 255 / ((1 << bitDepth) - 1),
                    _ => bitDepth == 16 ? samples[first + c] >> 8 : samples[first + c],
                };
            }
        }
    }

    [Fact]
    public void A_transparent_pixel_keeps_the_colour_that_the_file_holds()
    {
        var png = new TestPng(1, 1, PngColorType.Rgba, 8).Encode([10, 200, 30, 1]);
        Assert.Equal([10, 200, 30], ImageDecoder.Decode(png, "a.png", Limits).Pixels);
    }

    [Fact]
    public void A_gamma_chunk_changes_nothing()
    {
        var png = new TestPng(2, 2, PngColorType.Rgb, 8) { Extra = [TestPng.Chunk("gAMA", [0, 1, 0x86, 0xA0])] };
        var samples = png.Samples();
        Assert.Equal(samples.Select(sample => (byte)sample), ImageDecoder.Decode(png.Encode(samples), "a.png", Limits).Pixels);
    }

    [Fact]
    public void Exif_orientation_is_not_applied()
    {
        // APP1 with one TIFF entry: orientation (0x0112) = 6, a quarter turn.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
        ];
        var jpeg = Pictures.Jpeg(24, 8);
        byte[] turned = [.. jpeg[..2], .. exif, .. jpeg[2..]];
        var decoded = ImageDecoder.Decode(turned, "a.jpg", Limits);
        Assert.Equal((24, 8), (decoded.Width, decoded.Height));
        Assert.Equal(ImageDecoder.Decode(jpeg, "a.jpg", Limits).Pixels, decoded.Pixels);
    }
}

using System.Diagnostics;
using System.Text;
using IntraDA.Data.Images;

namespace IntraDA.Data.Tests.Images;

public sealed class HostileImageTests
{
    private static readonly ImageLimits Limits = new();

    public static TheoryData<string, byte[], string> Files => new()
    {
        { "no bytes", [], "it is empty" },
        { "zero bytes", new byte[100], "all zero bytes" },
        { "text", Encoding.ASCII.GetBytes("hello, this is no image at all"), "not an image" },
        { "gif", Encoding.ASCII.GetBytes("GIF89a......................"), "a GIF" },
        { "bmp", Encoding.ASCII.GetBytes("BM.........................."), "a BMP" },
        { "tiff", Encoding.ASCII.GetBytes("II*\0........................"), "a TIFF" },
        { "webp", Encoding.ASCII.GetBytes("RIFF....WEBPVP8 ............"), "a WebP" },
        { "heic", Encoding.ASCII.GetBytes("....ftypheic................"), "HEIF" },
        { "png signature", Pictures.Png()[..8], "whole header" },
        { "png bomb", BombPng(60000, 60000), "60000x60000 pixels, more than" },
        { "png of 2^31 sides", BombPng(int.MaxValue, int.MaxValue), "2147483647x2147483647 pixels, more than" },
        { "png without width", BombPng(0, 5), "0x5" },
        { "jpeg of more pixels than bytes", BombJpeg(8000), "8000x8000 pixels, more than" },
        { "jpeg bomb", BombJpeg(60000), "60000x60000 pixels, the limit" },
        { "jpeg start", [0xFF, 0xD8, 0xFF], "ends before its frame header" },
        { "jpeg end", [0xFF, 0xD8, 0xFF, 0xD9, 0, 0], "without a frame header" },
        { "jpeg of fill bytes", [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 5000)], "ends before its frame header" },
        { "cmyk jpeg", Frame(4, 8), "CMYK" },
        { "12-bit jpeg", Frame(3, 12), "12 bits" },
        { "png of 3 bits", BadDepth(), "values that the format does not have" },
        { "animated png", new TestPng(2, 2, PngColorType.Rgb, 8) { Extra = [TestPng.Chunk("acTL", new byte[8])] }.Encode(new ushort[12]), "animated" },
    };

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void A_hostile_file_is_refused_by_name_with_the_reason(string name, byte[] file, string reason)
    {
        var exception = Assert.Throws<BadImageException>(() => ImageDecoder.Decode(file, name, Limits));
        Assert.Equal(name, exception.Name);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_truncated_image_is_refused_wherever_it_ends()
    {
        foreach (var whole in new[] { Pictures.Png(64, 48), Pictures.Jpeg(64, 48) })
        {
            // The last bytes of a PNG are IEND, without which the pixels are whole; those of a JPEG are the end marker.
            for (var length = 0; length < whole.Length - 20; length += 7)
            {
                Assert.Throws<BadImageException>(() => ImageDecoder.Decode(whole.AsMemory(0, length), "cut", Limits));
            }
        }
    }

    [Fact]
    public void Flipped_bytes_never_do_more_than_give_an_image_or_a_refusal()
    {
        foreach (var whole in new[] { Pictures.Png(32, 24), Pictures.Jpeg(32, 24) })
        {
            for (var at = 0; at < whole.Length; at++)
            {
                var damaged = whole.ToArray();
                damaged[at] ^= 0x55;
                var exception = Record.Exception(() => ImageDecoder.Decode(damaged, "flipped", new ImageLimits { MaxPixels = 1 << 20 }));
                Assert.True(exception is null or BadImageException, $"byte {at}: {exception}");
            }
        }
    }

    [Fact]
    public void A_bomb_is_refused_before_its_pixels_are_allocated()
    {
        foreach (var bomb in new[] { BombPng(60000, 60000), BombPng(8000, 8000), BombJpeg(60000), BombJpeg(8000) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<BadImageException>(() => ImageDecoder.Decode(bomb, "bomb", Limits));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public void A_large_image_of_one_colour_is_no_bomb()
    {
        var image = ImageDecoder.Decode(ImageEncoder.EncodeJpeg(new RgbImage(2048, 1024, new byte[2048 * 1024 * 3]), 1), "flat", Limits);
        Assert.Equal((2048, 1024), (image.Width, image.Height));
    }

    [Fact]
    public void A_progressive_jpeg_of_thousands_of_scans_is_refused_at_once()
    {
        var jpeg = Pictures.Jpeg(64, 64);
        byte[] scan = [0xFF, 0xDA, 0, 6, 1, 1, 0, 0];
        byte[] hostile = [.. jpeg[..^2], .. Enumerable.Repeat(scan, 5000).SelectMany(bytes => bytes), 0xFF, 0xD9];
        var watch = Stopwatch.StartNew();
        var exception = Assert.Throws<BadImageException>(() => ImageDecoder.Decode(hostile, "scans", Limits));
        Assert.Contains("scans", exception.Reason, StringComparison.Ordinal);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    [Fact]
    public void More_bytes_than_the_limit_are_refused()
    {
        var png = Pictures.Png();
        var exception = Assert.Throws<BadImageException>(() => ImageDecoder.Decode(png, "large", new ImageLimits { MaxBytes = png.Length - 1 }));
        Assert.Contains($"the limit is {png.Length - 1}", exception.Reason, StringComparison.Ordinal);
        ImageDecoder.Decode(png, "just right", new ImageLimits { MaxBytes = png.Length, MaxPixels = 48 });
    }

    private static byte[] BombPng(uint width, uint height)
    {
        var real = new TestPng(1, 1, PngColorType.Rgb, 8);
        var file = real.Encode([1, 2, 3]);
        return [.. file[..8], .. real.Header(width, height), .. file[33..]];
    }

    private static byte[] BadDepth()
    {
        var header = new TestPng(1, 1, PngColorType.Gray, 3).Header(1, 1);
        return [.. Pictures.Png()[..8], .. header, .. Pictures.Png()[33..]];
    }

    private static byte[] BombJpeg(int side)
    {
        var jpeg = Pictures.Jpeg();
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        byte[] sides = [(byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side];
        sides.CopyTo(jpeg, frame + 5);
        return jpeg;
    }

    private static byte[] Frame(byte components, byte precision) =>
        [0xFF, 0xD8, 0xFF, 0xC0, 0, (byte)(8 + (3 * components)), precision, 0, 8, 0, 8, components, .. new byte[3 * components]];
}

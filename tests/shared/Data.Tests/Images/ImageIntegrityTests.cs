using IntraDA.Data.Images;

namespace IntraDA.Data.Tests.Images;

public sealed class ImageIntegrityTests
{
    private static readonly ImageLimits Limits = new() { MaxPixels = 1 << 20 };

    [Fact]
    public void Whole_images_pass_with_their_header()
    {
        Assert.Equal((ImageFormat.Png, 64, 48), (Check(Pictures.Png(64, 48)).Format, Check(Pictures.Png(64, 48)).Width, Check(Pictures.Png(64, 48)).Height));
        Assert.Equal(new ImageHeader(ImageFormat.Jpeg, 61, 47, 3, 8), Check(Pictures.Jpeg(61, 47)));
        Assert.Equal((1, 1), (Check(Pictures.Jpeg(1, 1)).Width, Check(Pictures.Png(1, 1)).Height));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_cut_off_is_refused_exactly_where_it_cannot_be_decoded(bool jpeg)
    {
        var whole = jpeg ? Pictures.Jpeg(64, 48) : Pictures.Png(64, 48);
        for (var length = 0; length < whole.Length; length += length < whole.Length - 40 ? 7 : 1)
        {
            Agree(whole[..length], $"cut at {length}");
        }

        // What an interrupted download leaves on some file systems: the right length, and zeros.
        Array.Clear(whole, whole.Length / 2, whole.Length - (whole.Length / 2));
        Assert.Contains("get it again", Assert.Throws<BadImageException>(() => Check(whole)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flipped_byte_is_refused_exactly_where_it_cannot_be_decoded(bool jpeg)
    {
        var whole = jpeg ? Pictures.Jpeg(32, 24) : Pictures.Png(32, 24);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x55;
            Agree(damaged, $"byte {at}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_PNG_whose_encoder_broke_off_is_refused_though_its_checksums_are_right(bool interlaced)
    {
        var picture = new TestPng(16, 12, PngColorType.Rgb, 8, interlaced);
        Check(picture.Encode(picture.Samples()));

        var rows = picture.Scanlines(picture.Samples());
        Refused(picture.File(TestPng.Compress(rows[..^1])));
        Refused(picture.File(TestPng.Compress(rows)[..^8]));
        Refused(picture.File([1, 2, 3, 4]));
        rows[0] = 9;
        Refused(picture.File(TestPng.Compress(rows)));

        static void Refused(byte[] file) => Assert.Throws<BadImageException>(() => Check(file));
    }

    [Fact]
    public void A_photograph_is_checked_at_a_part_of_the_cost_of_decoding_it()
    {
        var photograph = Pictures.Jpeg(1600, 1200);
        var limits = new ImageLimits();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ImageIntegrity.Check(photograph, "photograph", limits);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void Agree(byte[] file, string what)
    {
        var decoding = Record.Exception(() => ImageDecoder.Decode(file, what, Limits));
        var checking = Record.Exception(() => Check(file));
        Assert.True(checking is null or BadImageException, $"{what}: {checking}");
        Assert.True(decoding is null == checking is null, $"{what}: {decoding?.Message ?? "decoded"} but {checking?.Message ?? "passed"}");
    }

    private static ImageHeader Check(byte[] file) => ImageIntegrity.Check(file, "file", Limits);
}

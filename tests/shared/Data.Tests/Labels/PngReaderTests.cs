using IntraDA.Data.Images;
using IntraDA.Data.Labels;

namespace IntraDA.Data.Tests.Labels;

public sealed class PngReaderTests
{
    private static readonly ImageLimits Limits = new();

    public static TheoryData<PngColorType, int> Kinds => new()
    {
        { PngColorType.Gray, 1 }, { PngColorType.Gray, 2 }, { PngColorType.Gray, 4 }, { PngColorType.Gray, 8 }, { PngColorType.Gray, 16 },
        { PngColorType.Palette, 1 }, { PngColorType.Palette, 2 }, { PngColorType.Palette, 4 }, { PngColorType.Palette, 8 },
        { PngColorType.Rgb, 8 }, { PngColorType.Rgb, 16 }, { PngColorType.GrayAlpha, 8 }, { PngColorType.GrayAlpha, 16 },
        { PngColorType.Rgba, 8 }, { PngColorType.Rgba, 16 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Samples_of_every_kind_come_back_raw(PngColorType colorType, int bitDepth)
    {
        // Sides below and beyond a block of Adam7, so that passes are empty, partly filled and whole; more rows than filters.
        foreach (var (width, height) in new[] { (1, 1), (2, 5), (5, 2), (8, 8), (17, 13), (33, 9) })
        {
            foreach (var interlaced in new[] { false, true })
            {
                var png = new TestPng(width, height, colorType, bitDepth, interlaced) { ChunkBytes = 11 };
                var samples = png.Samples();
                var raw = PngReader.Read(png.Encode(samples), "a.png", Limits);
                Assert.Equal((width, height, png.Channels, bitDepth, interlaced), (raw.Width, raw.Height, raw.Channels, raw.BitDepth, raw.Interlaced));
                Assert.Equal(samples, raw.Samples);
                Assert.Equal(colorType == PngColorType.Palette, raw.Palette is not null);
                for (var channel = 0; channel < png.Channels; channel++)
                {
                    Assert.Equal(samples.Where((_, i) => i % png.Channels == channel), PngReader.Read(png.Encode(samples), "a.png", Limits, channel).Samples);
                }
            }
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_wherever_it_ends()
    {
        var whole = new TestPng(17, 13, PngColorType.Gray, 8).Encode(new TestPng(17, 13, PngColorType.Gray, 8).Samples());
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<BadImageException>(() => PngReader.Read(whole.AsMemory(0, length), "cut", Limits));
        }
    }

    [Fact]
    public void A_changed_byte_is_always_noticed()
    {
        var whole = new TestPng(17, 13, PngColorType.Palette, 4).Encode(new TestPng(17, 13, PngColorType.Palette, 4).Samples());
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x20;
            Assert.Throws<BadImageException>(() => PngReader.Read(damaged, "damaged", Limits));
        }
    }

    [Fact]
    public void Missing_rows_damaged_streams_and_unknown_filters_are_refused()
    {
        Assert.Contains("rows are missing", Refusal(TestPng.Compress(new byte[10])), StringComparison.Ordinal);
        Assert.Contains("rows are missing", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("compressed data", Refusal([0x78, 0x9C, 1, 2, 3, 4, 5, 6, 7, 8]), StringComparison.Ordinal);
        Assert.Contains("filter 9", Refusal(TestPng.Compress([9, 1, 2, 3, 9, 1, 2, 3, 9, 1, 2, 3])), StringComparison.Ordinal);

        static string Refusal(byte[] data)
        {
            var kind = new TestPng(3, 3, PngColorType.Gray, 8);
            byte[] file = [.. Pictures.Png()[..8], .. kind.Header(3, 3), .. TestPng.Chunk("IDAT", data), .. TestPng.Chunk("IEND", [])];
            return Assert.Throws<BadImageException>(() => PngReader.Read(file, "bad", Limits)).Reason;
        }
    }

    [Fact]
    public void Only_chunks_that_may_be_skipped_are_skipped()
    {
        var samples = new TestPng(3, 3, PngColorType.Gray, 8).Samples();
        Assert.Equal(samples, PngReader.Read(With("tEXt").Encode(samples), "a", Limits).Samples);
        Assert.Contains("unknown kind", Assert.Throws<BadImageException>(() => PngReader.Read(With("ABCD").Encode(samples), "a", Limits)).Reason, StringComparison.Ordinal);

        static TestPng With(string type) => new(3, 3, PngColorType.Gray, 8) { Extra = [TestPng.Chunk(type, [1, 2, 3])] };
    }

    [Fact]
    public void A_header_beyond_the_limit_and_a_missing_channel_are_refused()
    {
        var png = Pictures.Labels(10, 10, 1);
        Assert.Contains("10x10", Assert.Throws<BadImageException>(() => PngReader.Read(png, "a", new ImageLimits { MaxPixels = 99 })).Reason, StringComparison.Ordinal);
        Assert.Contains("channel 1", Assert.Throws<BadImageException>(() => PngReader.Read(png, "a", Limits, 1)).Reason, StringComparison.Ordinal);
        Assert.Contains("not a PNG", Assert.Throws<BadImageException>(() => PngReader.Read(Pictures.Jpeg(), "a", Limits)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_and_other_decoders_agree()
    {
        ushort[] wide = [.. Enumerable.Range(0, 77).Select(i => (ushort)(i * 851))];
        Assert.Equal(wide, PngReader.Read(PngWriter.Gray16(11, 7, wide), "a", Limits).Samples);

        byte[] ids = [.. Enumerable.Range(0, 77).Select(i => (byte)(i % 3))];
        byte[] palette = [9, 8, 7, 60, 50, 40, 200, 210, 220];
        var file = PngWriter.Palette8(11, 7, ids, palette);
        var raw = PngReader.Read(file, "a", Limits);
        Assert.Equal(ids.Select(id => (ushort)id), raw.Samples);
        Assert.Equal(palette, raw.Palette);
        Assert.Equal(ids.SelectMany(id => palette[(3 * id)..((3 * id) + 3)]), ImageDecoder.Decode(file, "a", Limits).Pixels);
        Assert.Equal(ids.SelectMany(id => Enumerable.Repeat(id, 3)), ImageDecoder.Decode(PngWriter.Gray8(11, 7, ids), "a", Limits).Pixels);
    }
}

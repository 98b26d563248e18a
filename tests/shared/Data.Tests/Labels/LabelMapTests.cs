using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Labels;

public sealed class LabelMapTests
{
    private static readonly ImageLimits Limits = new();

    [Theory]
    [InlineData(2048, 1024)]
    [InlineData(1914, 1280)]
    [InlineData(1052, 720)]
    [InlineData(480, 160)]
    [InlineData(1280, 2048)]
    [InlineData(7, 5)]
    [InlineData(5, 7)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    public void Resizing_takes_the_pixel_under_the_centre_as_Pillow_does(int from, int to)
    {
        // Two maps, of low and of high bytes of the position, so that the source index is known in full.
        byte[] low = [.. Enumerable.Range(0, from).Select(i => (byte)i)], high = [.. Enumerable.Range(0, from).Select(i => (byte)(i >> 8))];
        var lows = new LabelMap(from, 1, low).ResizeNearest(to, 1).TrainIds;
        var highs = new LabelMap(from, 1, high).ResizeNearest(to, 1).TrainIds;
        var rows = new LabelMap(1, from, low).ResizeNearest(1, to).TrainIds;
        for (var i = 0; i < to; i++)
        {
            // floor((i + 0.5) * from / to) in whole numbers.
            Assert.Equal(((2L * i) + 1) * from / (2L * to), lows[i] | (highs[i] << 8));
        }

        Assert.Equal(lows, rows);
    }

    [Fact]
    public void Resizing_to_the_same_size_changes_nothing()
    {
        var map = new LabelMap(2, 2, [1, 2, 3, 255]);
        Assert.Same(map, map.ResizeNearest(2, 2));
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 255, 255, 3, 3, 255, 255], map.ResizeNearest(4, 4).TrainIds);
    }

    [Fact]
    public void Raw_values_that_are_no_class_are_ignored()
    {
        var png = Pictures.Labels(5, 1, 0, 10, 11, 254, 255);
        Assert.Equal([0, 10, 255, 255, 255], LabelMapReader.Read(png, null, 11, "a", Limits).TrainIds);
    }

    [Fact]
    public void Unlisted_raw_values_are_ignored()
    {
        var encoding = new LabelEncoding { TrainIds = new Dictionary<int, int> { [7] = 0, [255] = 1, [9] = 255, [300] = 1 } };
        Assert.Equal([255, 0, 1, 255], LabelMapReader.Read(Pictures.Labels(4, 1, 0, 7, 255, 9), encoding, 2, "a", Limits).TrainIds);
    }

    [Fact]
    public void The_index_of_a_palette_file_is_the_class_and_not_its_colour()
    {
        var png = PngWriter.Palette8(4, 1, [7, 26, 33, 0], Enumerable.Repeat((byte)77, 768).ToArray());
        Assert.Equal([0, 13, 18, 255], LabelMapReader.Read(png, UrbanClasses.FromCityscapesIds("19"), 19, "a", Limits).TrainIds);
    }

    [Fact]
    public void The_first_channel_of_a_SYNTHIA_file_is_the_class_and_the_second_an_instance()
    {
        var png = new TestPng(3, 1, PngColorType.Rgb, 16).Encode([8, 4711, 0, 1, 3, 0, 22, 8, 0]);
        Assert.Equal([12, 9, 255], LabelMapReader.Read(png, UrbanClasses.FromSynthiaIds("16"), 16, "a", Limits).TrainIds);
    }

    [Fact]
    public void A_colour_picture_of_labels_is_refused()
    {
        var exception = Assert.Throws<BadImageException>(() => LabelMapReader.Read(Pictures.Png(), null, 19, "color.png", Limits));
        Assert.Contains("colour image", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_maps_are_read_back_in_both_forms()
    {
        var map = new LabelMap(4, 2, [0, 1, 2, 255, 18, 17, 255, 0]);
        var grey = LabelMapWriter.EncodePng(map);
        var color = LabelMapWriter.EncodeColorPng(map, UrbanClasses.Classes("19"));
        Assert.Equal(map.TrainIds, LabelMapReader.Read(grey, null, 19, "a", Limits).TrainIds);
        Assert.Equal(map.TrainIds, LabelMapReader.Read(color, null, 19, "a", Limits).TrainIds);
        Assert.Equal([128, 64, 128, 244, 35, 232, 70, 70, 70, 0, 0, 0], ImageDecoder.Decode(color, "a", Limits).Pixels[..12]);
        Assert.Equal(grey, LabelMapWriter.EncodePng(map));
    }

    [Fact]
    public void Confidences_keep_16_bits()
    {
        ushort[] values = [0, 1, 255, 256, 65534, 65535];
        var map = ConfidenceMap.Decode(new ConfidenceMap(3, 2, values).EncodePng(), "a", Limits);
        Assert.Equal(values, map.Values);
        Assert.Equal(1f, map.Probability(5));
        Assert.Equal([0, 0, 32768, 65535, 65535], new[] { -0.1f, 0f, 0.5f, 1f, 1.0001f }.Select(ConfidenceMap.Quantize).Select(value => (int)value));
        Assert.Throws<BadImageException>(() => ConfidenceMap.Decode(Pictures.Labels(3, 2, 1), "a", Limits));
    }

    [Fact]
    public void Derived_colours_differ_from_each_other_and_from_ignore()
    {
        var palette = Palettes.Derive(254);
        var colors = palette.Chunk(3).Select(color => (color[0], color[1], color[2])).ToHashSet();
        Assert.Equal(254, colors.Count);
        Assert.DoesNotContain(((byte)0, (byte)0, (byte)0), colors);
        Assert.Equal([128, 64, 128, 107, 142, 35, 220, 20, 60], Palettes.ForNames(["road", "tree", "pedestrian"]));
        Assert.Equal(3, Palettes.ForNames(["tree", "vegetation", "kangaroo"]).Chunk(3).Select(color => Convert.ToHexString(color)).Distinct().Count());
    }
}

using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Layouts;

public sealed class RenderedLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _storeFolder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _storeFolder.Dispose();
    }

    [Fact]
    public async Task Palette_indices_of_GTA5_are_classes_and_gaps_in_the_numbers_do_not_matter()
    {
        foreach (var id in new[] { "00001", "00003", "24966" })
        {
            _folder.Write($"images/{id}.png", Pictures.Png());
            _folder.Write($"labels/{id}.png", PngWriter.Palette8(8, 6, Pictures.Repeat<byte>(48, 7, 34, 26), Enumerable.Repeat((byte)7, 768).ToArray()));
        }

        var manifest = await _folder.ScanAsync("gta5");
        Assert.Equal(["00001.png", "00003.png", "24966.png"], manifest.Ids());
        Assert.Equal(Pictures.Repeat<byte>(48, 0, 255, 13), (await LabelAsync(manifest)).TrainIds);
        _folder.Write("train.txt", "00001.png\n00002.png\n00003.png");
        await _folder.RefusesAsync("gta5", r => r with { List = "train.txt" }, "Missing in", "images/00002.png", "take them off the list");
        await _folder.RefusesAsync("gta5", r => r with { Split = "train" }, "no split 'train'");
    }

    [Fact]
    public async Task A_list_names_files_with_the_extension_that_they_have()
    {
        _folder.Write("images/1.PNG", Pictures.Png());
        _folder.Write("labels/1.PNG", Pictures.Labels(8, 6, 7));
        _folder.Write("list.txt", "1.PNG");
        Assert.Equal(["1.PNG"], (await _folder.ScanAsync("gta5")).Ids());
        Assert.Equal(["1.PNG"], (await _folder.ScanAsync("gta5", r => r with { List = "list.txt" })).Ids());
    }

    [Fact]
    public async Task A_GTA5_label_of_another_size_keeps_it()
    {
        _folder.Write("images/1.png", Pictures.Png(8, 6));
        _folder.Write("labels/1.png", Pictures.Labels(8, 5, 7));
        var label = await LabelAsync(await _folder.ScanAsync("gta5"));
        Assert.Equal((8, 5), (label.Width, label.Height));
    }

    [Fact]
    public async Task A_colour_picture_in_the_place_of_labels_is_refused()
    {
        _folder.Write("images/1.png", Pictures.Png());
        _folder.Write("labels/1.png", Pictures.Png());
        await _folder.RefusesAsync("gta5", null, "labels/1.png", "colour image");
        _folder.Write("labels/1.png", Pictures.Jpeg());
        await _folder.RefusesAsync("gta5", null, "labels/1.png", "JPEG");
    }

    [Theory]
    [InlineData("", 16, new[] { 0, 9, 12, 15, 255, 255, 255, 3 }, new[] { 3, 4, 5, 6, 7, 11, 13, 14 })]
    [InlineData("16", 16, new[] { 0, 9, 12, 15, 255, 255, 255, 3 }, new[] { 3, 4, 5, 6, 7, 11, 13, 14 })]
    [InlineData("13", 13, new[] { 0, 6, 9, 12, 255, 255, 255, 255 }, new[] { 3, 4, 8, 10, 11 })]
    [InlineData("19", 19, new[] { 0, 10, 13, 18, 9, 255, 255, 3 }, new[] { 3, 4, 5, 6, 7, 9, 12, 14, 15, 16, 17 })]
    public async Task SYNTHIA_is_read_in_each_protocol(string protocol, int classes, int[] expected, int[] rare)
    {
        // road, sky, car, bicycle, terrain, void, lane marking, wall; instance ids in the second channel.
        int[] raw = [3, 1, 8, 11, 16, 0, 22, 21];
        ushort[] samples = [.. Enumerable.Range(0, 48).SelectMany(i => new[] { (ushort)raw[i % 8], (ushort)(i * 999), (ushort)3 })];
        _folder.Write("RGB/0000000.png", Pictures.Png());
        _folder.Write("GT/LABELS/0000000.png", new TestPng(8, 6, PngColorType.Rgb, 16).Encode(samples));
        var manifest = await _folder.ScanAsync("synthia", r => r with { Protocol = protocol });
        Assert.Equal(classes, manifest.Classes.Names.Count);
        Assert.Equal(rare, manifest.Classes.RareTrainIds);
        Assert.Equal(expected.Select(id => (byte)id), (await LabelAsync(manifest)).TrainIds[..8]);
        Assert.Equal("bicycle", manifest.Classes.Names[^1]);
        Assert.Equal([119, 11, 32], manifest.Classes.Palette[^3..]);
    }

    [Fact]
    public async Task SYNTHIAs_colour_picture_is_refused_and_other_sizes_are_not()
    {
        _folder.Write("RGB/1.png", Pictures.Png());
        _folder.Write("GT/LABELS/1.png", Pictures.Png());
        await _folder.RefusesAsync("synthia", null, "colour image");
        _folder.Write("GT/LABELS/1.png", new TestPng(4, 3, PngColorType.Rgb, 16).Encode([.. Enumerable.Repeat((ushort)3, 36)]));
        var label = await LabelAsync(await _folder.ScanAsync("synthia"));
        Assert.Equal((4, 3), (label.Width, label.Height));
    }

    [Fact]
    public async Task Synscapes_is_in_order_of_its_numbers_in_either_folder_and_its_class_maps_keep_their_size()
    {
        foreach (var id in new[] { "10", "9", "1" })
        {
            _folder.Write($"img/rgb-2k/{id}.png", Pictures.Png(16, 8));
            _folder.Write($"img/class/{id}.png", Pictures.Labels(8, 4, 23, 7));
        }

        var manifest = await _folder.ScanAsync("synscapes");
        Assert.Equal(["1.png", "9.png", "10.png"], manifest.Ids());
        Assert.Equal("img/rgb-2k/1.png", manifest.Items[0].Image.Path);
        var label = await LabelAsync(manifest);
        Assert.Equal((8, 4), (label.Width, label.Height));
        Assert.Equal([10, 0, 10, 0], label.TrainIds[..4]);

        _folder.Write("img/rgb/9.png", Pictures.Png(8, 4));
        _folder.Write("list.txt", "9");
        var listed = await _folder.ScanAsync("synscapes", r => r with { List = "list.txt", IgnoreLabels = true });
        Assert.Equal("img/rgb/9.png", Assert.Single(listed.Items).Image.Path);
        _folder.Write("list.txt", "9\n9.png");
        await _folder.RefusesAsync("synscapes", r => r with { List = "list.txt" }, "More than once");
    }

    [Theory]
    [InlineData("gta5", "images")]
    [InlineData("synthia", "RGB")]
    [InlineData("synscapes", "img/rgb")]
    [InlineData("cityscapes", "leftImg8bit")]
    [InlineData("plain", "images")]
    public async Task A_missing_or_empty_image_folder_is_named(string layout, string images)
    {
        await _folder.RefusesAsync(layout, null, $"no folder '{images}");
        Directory.CreateDirectory(_folder.At(layout == "cityscapes" ? "leftImg8bit/train" : images));
        await _folder.RefusesAsync(layout, null, "holds no");
    }

    private async Task<LabelMap> LabelAsync(DatasetManifest manifest)
    {
        var reader = new DatasetFileReader(new LocalArtifactStore(_storeFolder.Path, TimeProvider.System), new ImageLimits());
        var image = await reader.ReadImageAsync(manifest, manifest.Items[0], TestContext.Current.CancellationToken);
        return await reader.ReadLabelAsync(manifest, manifest.Items[0], image, TestContext.Current.CancellationToken);
    }
}

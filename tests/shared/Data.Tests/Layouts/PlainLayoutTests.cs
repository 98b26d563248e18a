using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Layouts;

public sealed class PlainLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PlainLayoutTests()
    {
        _folder.Write("images/b.jpg", Pictures.Jpeg());
        _folder.Write("images/a.png", Pictures.Png());
        _folder.Write("images/trip/c.JPEG", Pictures.Jpeg());
        _folder.Write("images/notes.txt", "no image");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Photographs_without_labels_take_the_classes_of_another_set()
    {
        var classes = UrbanClasses.Classes("19");
        var manifest = await _folder.ScanAsync("plain", r => r with { Classes = classes });
        Assert.Equal(["a", "b", "trip/c"], manifest.Ids());
        Assert.Equal("images/trip/c.JPEG", manifest.Items[2].Image.Path);
        Assert.Equal(classes, manifest.Classes);
        Assert.Null(manifest.Labels);
        await _folder.RefusesAsync("plain", null, "does not say its classes", "classes.json");
    }

    [Fact]
    public async Task Classes_labels_and_attributes_are_read()
    {
        AddLabels("a", "b", "trip/c");
        _folder.Write("classes.json", """{"names": ["road", "car", "pole"], "palette": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "ignore": 255, "rare": [2]}""");
        _folder.Write("attributes.json", """{"b": {"condition": "night", "hard": "true"}, "elsewhere": {}}""");
        _folder.Write("list.txt", "b.jpg\na");
        var manifest = await _folder.ScanAsync("plain", r => r with { List = "list.txt", Name = "mine" });
        Assert.Equal("mine", manifest.Name);
        Assert.Equal(["b", "a"], manifest.Ids());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], manifest.Classes.Palette);
        Assert.Equal([2], manifest.Classes.RareTrainIds);
        Assert.Equal("night", manifest.Items[0].Attributes["condition"]);
        Assert.Empty(manifest.Items[1].Attributes);
        Assert.Null(manifest.Labels!.TrainIds);
        DatasetManifestJson.Parse(DatasetManifestJson.Serialize(manifest), "mine");
    }

    [Theory]
    [InlineData(0, new[] { 255, 0, 1, 255 })]
    [InlineData(1, new[] { 0, 255, 1, 255 })]
    [InlineData(2, new[] { 0, 1, 255, 255 })]
    [InlineData(255, new[] { 0, 1, 255, 255 })]
    public async Task A_raw_id_to_ignore_is_left_out_of_the_count(int ignore, int[] expected)
    {
        AddLabels("a", "b", "trip/c");
        _folder.Write("classes.json", $$"""{"names": ["road", "car"], "ignore": {{ignore}}}""");
        var manifest = await _folder.ScanAsync("plain");
        var label = LabelMapReader.Read(Pictures.Labels(4, 1, 0, 1, 2, 3), manifest.Labels, 2, "a", new());
        Assert.Equal(expected.Select(id => (byte)id), label.TrainIds);
    }

    [Fact]
    public async Task Labels_without_classes_images_without_labels_and_labels_without_images_are_refused()
    {
        AddLabels("a", "b", "trip/c");
        await _folder.RefusesAsync("plain", null, "has labels but no 'classes.json'", "\"names\"");
        _folder.Write("classes.json", """{"names": ["road", "car"]}""");
        File.Delete(_folder.At("labels/b.png"));
        await _folder.RefusesAsync("plain", null, "Images without a label", "'b'", "ignore labels");
        AddLabels("b", "ghost");
        await _folder.RefusesAsync("plain", null, "'ghost'", "Labels without an image");
        Assert.Null((await _folder.ScanAsync("plain", r => r with { IgnoreLabels = true })).Labels);
    }

    [Fact]
    public async Task With_labels_ignored_the_folder_of_labels_is_not_looked_at()
    {
        _folder.Write("classes.json", """{"names": ["road", "car"]}""");
        _folder.Write("labels/broken.png", []);
        _folder.Write("labels/a.png", []);
        var manifest = await _folder.ScanAsync("plain", r => r with { IgnoreLabels = true });
        Assert.Null(manifest.Labels);
        Assert.Equal(3, manifest.Items.Count);
    }

    [Fact]
    public async Task A_label_of_another_size_is_named_with_both_sizes()
    {
        AddLabels("a", "b", "trip/c");
        _folder.Write("labels/b.png", Pictures.Labels(6, 8, 1));
        _folder.Write("classes.json", """{"names": ["road", "car"]}""");
        await _folder.RefusesAsync("plain", null, "1 image or label", "'labels/b.png'", "6x8", "'images/b.jpg'", "8x6", "make them the same size");
    }

    [Fact]
    public async Task Images_and_labels_that_are_cut_after_their_header_are_named()
    {
        AddLabels("a", "b", "trip/c");
        _folder.Write("classes.json", """{"names": ["road", "car"]}""");
        foreach (var file in new[] { "images/a.png", "images/b.jpg", "labels/trip/c.png" })
        {
            var whole = File.ReadAllBytes(_folder.At(file));
            _folder.Write(file, whole[..(whole.Length * 2 / 3)]);
            await _folder.RefusesAsync("plain", null, "1 image or label", $"'{file}' cannot be used");
            _folder.Write(file, whole);
        }

        Assert.Equal(3, (await _folder.ScanAsync("plain")).Items.Count);
    }

    [Fact]
    public async Task A_value_that_is_no_class_is_named_with_its_file_and_the_fix()
    {
        AddLabels("a", "b", "trip/c");
        _folder.Write("classes.json", """{"names": ["road", "car"], "ignore": 9}""");
        _folder.Write("labels/b.png", Pictures.Labels(8, 6, 0, 1, 9, 255));
        Assert.Equal(3, (await _folder.ScanAsync("plain")).Items.Count);

        _folder.Write("labels/b.png", Pictures.Labels(8, 6, 0, 1, 7, 9));
        await _folder.RefusesAsync("plain", null, "'labels/b.png'", "the value 7 (12 pixels)", "2 classes", "\"ignore\" (9)", "classes.json");
        _folder.Write("labels/b.png", Pictures.Labels(8, 6, 2, 3, 4, 5, 6, 7, 8));
        await _folder.RefusesAsync("plain", null, "the values 2 (7 pixels), 3", "and 2 more");
    }

    [Fact]
    public async Task Labels_without_a_pixel_of_any_class_are_those_of_another_layout()
    {
        foreach (var name in new[] { "a", "b", "trip/c" })
        {
            _folder.Write($"labels/{name}.png", Pictures.Labels(8, 6, 255));
        }

        _folder.Write("classes.json", """{"names": ["road", "car"]}""");
        await _folder.RefusesAsync("plain", null, "No label file", "any class", "layout 'plain'");
        _folder.Write("labels/b.png", Pictures.Labels(8, 6, 255, 1));
        Assert.Equal(3, (await _folder.ScanAsync("plain")).Items.Count);
    }

    [Fact]
    public async Task Unreadable_images_are_all_counted_and_five_named()
    {
        for (var i = 0; i < 7; i++)
        {
            _folder.Write($"images/x{i}.png", i == 0 ? [] : [1, 2, 3]);
        }

        await _folder.RefusesAsync("plain", r => r with { Classes = UrbanClasses.Classes("19") }, "7 images or labels", "'images/x0.png' cannot be used: it is empty", "images/x4.png", "and 2 more");
    }

    [Theory]
    [InlineData("""{"names": ["road"]}""", "there are 1 classes")]
    [InlineData("""{"names": ["road", "road"]}""", "'road' occurs twice")]
    [InlineData("""{"names": ["road", null]}""", "has no name")]
    [InlineData("""{"names": ["road", "car"], "palette": [[1, 2, 300], [1, 2, 3]]}""", "three numbers in 0..255")]
    [InlineData("""{"names": ["road", "car"], "palette": [null, [1, 2, 3]]}""", "three numbers in 0..255")]
    [InlineData("""{"names": ["road", "car"], "palette": [[1, 2, 3]]}""", "palette has 3 bytes")]
    [InlineData("""{"names": ["road", "car"], "rare": [2]}""", "rare train id 2")]
    [InlineData("""{"names": ["road", "car"], "ignore": -1}""", "'ignore' is -1")]
    [InlineData("""{"names": ["road", "car"], "colours": []}""", "not as expected")]
    [InlineData("{\"names\": [\"road\", ", "not as expected (line 1)")]
    [InlineData("null", "holds null")]
    public async Task A_wrong_classes_file_is_refused(string json, string reason)
    {
        _folder.Write("classes.json", json);
        var exception = await Assert.ThrowsAsync<DatasetException>(() => _folder.ScanAsync("plain"));
        Assert.Contains("classes.json", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_images_of_one_name_wrong_lists_and_options_of_other_layouts_are_refused()
    {
        _folder.Write("list.txt", "a\nnobody");
        await _folder.RefusesAsync("plain", r => r with { List = "list.txt" }, "'nobody'", "without an image");
        await _folder.RefusesAsync("plain", r => r with { Protocol = "19" }, "no protocol '19'");
        await _folder.RefusesAsync("plain", r => r with { Split = "val" }, "no split 'val'");
        _folder.Write("images/a.jpg", Pictures.Jpeg());
        await _folder.RefusesAsync("plain", null, "'a'", "two extensions");
    }

    [Fact]
    public async Task Names_that_look_like_comments_or_have_two_extensions_are_found_in_a_list()
    {
        _folder.Write("images/#1.png", Pictures.Png());
        _folder.Write("images/d.png.png", Pictures.Png());
        _folder.Write("list.txt", "# a comment\n#2.png\n#1\nd.png\na.png");
        var manifest = await _folder.ScanAsync("plain", r => r with { Classes = UrbanClasses.Classes("19"), List = "list.txt" });
        Assert.Equal(["#1", "d.png", "a"], manifest.Ids());
        _folder.Write("list.txt", "#1.png\nd.png.png");
        Assert.Equal(["#1", "d.png"], (await _folder.ScanAsync("plain", r => r with { Classes = UrbanClasses.Classes("19"), List = "list.txt" })).Ids());
    }

    [Fact]
    public async Task Labels_with_capital_extensions_are_labels_and_a_folder_of_others_is_no_unlabelled_set()
    {
        AddLabels("a", "trip/c");
        _folder.Write("labels/b.PNG", Pictures.Labels(8, 6, 0));
        _folder.Write("classes.json", """{"names": ["road", "car"]}""");
        Assert.Equal(["labels/a.png", "labels/b.PNG", "labels/trip/c.png"], (await _folder.ScanAsync("plain")).Items.Select(item => item.Label!.Path));

        Directory.Delete(_folder.At("labels"), recursive: true);
        _folder.Write("labels/a.jpg", Pictures.Jpeg());
        await _folder.RefusesAsync("plain", null, "No PNG files in 'labels'", "'a.jpg'", "ignore labels");
        Assert.Null((await _folder.ScanAsync("plain", r => r with { IgnoreLabels = true })).Labels);
    }

    [Fact]
    public async Task Unknown_layouts_and_folders_are_refused()
    {
        await _folder.RefusesAsync("pascal", null, "'pascal' is unknown", "cityscapes, gta5, synthia, synscapes, camvid, plain");
        await _folder.RefusesAsync("plain", r => r with { Path = _folder.At("nowhere") }, "nowhere' does not exist");
    }

    [Fact]
    public async Task An_image_that_links_out_of_the_folder_is_refused()
    {
        using var outside = new TemporaryFolder();
        outside.Write("x.png", Pictures.Png());
        File.CreateSymbolicLink(_folder.At("images/x.png"), outside.At("x.png"));
        await _folder.RefusesAsync("plain", r => r with { Classes = UrbanClasses.Classes("19") }, "images/x.png", "leads out");
    }

    [Fact]
    public async Task Progress_is_told_once_an_image_and_a_cancelled_scan_ends()
    {
        var seen = new List<ScanProgress>();
        var progress = new Collector(seen);
        var request = new LayoutRequest { Path = _folder.Path, Layout = "plain", Classes = UrbanClasses.Classes("19") };
        await DatasetScanner.ScanAsync(request, progress, TestContext.Current.CancellationToken);
        Assert.Equal([new(1, 3), new(2, 3), new(3, 3)], seen.OrderBy(report => report.Done));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DatasetScanner.ScanAsync(request, null, new CancellationToken(canceled: true)));
    }

    private void AddLabels(params string[] names)
    {
        foreach (var name in names)
        {
            _folder.Write($"labels/{name}.png", Pictures.Labels(8, 6, 0, 1, 255));
        }
    }

    private sealed class Collector(List<ScanProgress> seen) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value)
        {
            lock (seen)
            {
                seen.Add(value);
            }
        }
    }
}

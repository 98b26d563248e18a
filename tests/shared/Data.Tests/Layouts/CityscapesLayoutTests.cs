using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Layouts;

public sealed class CityscapesLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CityscapesLayoutTests()
    {
        Add("train", "aachen", "aachen_000000_000019");
        Add("train", "zurich", "zurich_000001_000019");
        Add("train", "bochum", "bochum_000002_000019");
        Add("val", "munster", "munster_000003_000019");
        _folder.Write("leftImg8bit/train/license.txt", "no image");
        _folder.Write("leftImg8bit/train/aachen/._aachen_000000_000019_leftImg8bit.png", "left by another system");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_images_of_a_split_are_found_in_order()
    {
        var manifest = await _folder.ScanAsync("cityscapes");
        Assert.Equal(
            ["aachen/aachen_000000_000019_leftImg8bit.png", "bochum/bochum_000002_000019_leftImg8bit.png", "zurich/zurich_000001_000019_leftImg8bit.png"],
            manifest.Ids());
        Assert.Equal("gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png", manifest.Items[0].Label!.Path);
        Assert.Equal(["munster/munster_000003_000019_leftImg8bit.png"], (await _folder.ScanAsync("cityscapes", r => r with { Split = "val" })).Ids());
        Assert.Equal(DatasetManifestJson.Serialize(manifest), DatasetManifestJson.Serialize(await _folder.ScanAsync("cityscapes")));
    }

    [Fact]
    public async Task A_list_gives_the_order_whatever_its_name_and_line_ends()
    {
        _folder.Write("lists/easy_split.txt", "\uFEFFzurich/zurich_000001_000019_leftImg8bit.png\r\n\r\naachen\\aachen_000000_000019_leftImg8bit.png");
        var manifest = await _folder.ScanAsync("cityscapes", r => r with { List = "lists/easy_split.txt" });
        Assert.Equal(["zurich/zurich_000001_000019_leftImg8bit.png", "aachen/aachen_000000_000019_leftImg8bit.png"], manifest.Ids());
        Assert.EndsWith("-easy_split", manifest.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Label_ids_become_train_ids_and_all_others_are_ignored()
    {
        var raw = Enumerable.Range(0, 48).Select(i => (byte)i).ToArray();
        _folder.Write("gtFine/val/munster/munster_000003_000019_gtFine_labelIds.png", PngWriter.Gray8(8, 6, raw));
        var manifest = await _folder.ScanAsync("cityscapes", r => r with { Split = "val" });
        using var storeFolder = new TemporaryFolder();
        var reader = new DatasetFileReader(new LocalArtifactStore(storeFolder.Path, TimeProvider.System), new ImageLimits());
        var image = await reader.ReadImageAsync(manifest, manifest.Items[0], TestContext.Current.CancellationToken);
        var label = await reader.ReadLabelAsync(manifest, manifest.Items[0], image, TestContext.Current.CancellationToken);
        int[] known = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];
        Assert.Equal(raw.Select(id => Array.IndexOf(known, id) is >= 0 and var train ? (byte)train : (byte)255), label.TrainIds);
    }

    [Fact]
    public async Task A_label_of_another_size_than_its_image_is_taken_as_it_is()
    {
        _folder.Write("gtFine/val/munster/munster_000003_000019_gtFine_labelIds.png", PngWriter.Gray8(16, 4, [.. Enumerable.Repeat((byte)7, 64)]));
        var manifest = await _folder.ScanAsync("cityscapes", r => r with { Split = "val" });
        using var storeFolder = new TemporaryFolder();
        var reader = new DatasetFileReader(new LocalArtifactStore(storeFolder.Path, TimeProvider.System), new ImageLimits());
        var image = await reader.ReadImageAsync(manifest, manifest.Items[0], TestContext.Current.CancellationToken);
        var label = await reader.ReadLabelAsync(manifest, manifest.Items[0], image, TestContext.Current.CancellationToken);
        Assert.Equal((16, 4), (label.Width, label.Height));
    }

    [Fact]
    public async Task With_labels_ignored_none_is_opened_or_even_listed()
    {
        // A folder that is no folder: whoever looks into it fails.
        Directory.Delete(_folder.At("gtFine"), recursive: true);
        _folder.Write("gtFine", "not a folder");
        var manifest = await _folder.ScanAsync("cityscapes", r => r with { IgnoreLabels = true });
        Assert.Null(manifest.Labels);
        Assert.All(manifest.Items, item => Assert.Null(item.Label));
        await _folder.RefusesAsync("cityscapes", null, "Missing in", "ignore labels");
    }

    [Fact]
    public async Task Missing_things_are_named_with_the_fix()
    {
        await _folder.RefusesAsync("cityscapes", r => r with { Split = "test" }, "leftImg8bit/test", "split");
        await _folder.RefusesAsync("cityscapes", r => r with { Split = "../val" }, "'../val' is not the name of a folder");
        await _folder.RefusesAsync("cityscapes", r => r with { List = "no.txt" }, "'no.txt' does not exist");
        await _folder.RefusesAsync("cityscapes", r => r with { List = "../no.txt" }, "'../no.txt' must be relative");
        await _folder.RefusesAsync("cityscapes", r => r with { Protocol = "7" }, "protocol '7' is unknown", "19, 16, 13");
        _folder.Write("empty.txt", "\n  \n# only words\n");
        await _folder.RefusesAsync("cityscapes", r => r with { List = "empty.txt" }, "names no image");
        _folder.Write("flat.txt", "aachen_000000_000019_leftImg8bit.png");
        await _folder.RefusesAsync("cityscapes", r => r with { List = "flat.txt" }, "CITY/NAME_leftImg8bit.png");
        _folder.Write("escape.txt", "../../../etc/passwd");
        await _folder.RefusesAsync("cityscapes", r => r with { List = "escape.txt" }, "Not relative paths without '..'");
        _folder.Write("twice.txt", "aachen/aachen_000000_000019_leftImg8bit.png\naachen/aachen_000000_000019_leftImg8bit.png");
        await _folder.RefusesAsync("cityscapes", r => r with { List = "twice.txt" }, "More than once", "aachen_000000_000019");
    }

    [Fact]
    public async Task The_first_five_missing_files_are_named_and_all_counted()
    {
        _folder.Write("seven.txt", string.Join('\n', Enumerable.Range(1, 7).Select(i => $"x/{i}_leftImg8bit.png")));
        await _folder.RefusesAsync("cityscapes", r => r with { List = "seven.txt" }, "Missing in", "x/1_", "x/5_", "and 2 more (7 in all)");
        var exception = await Assert.ThrowsAsync<DatasetException>(() => _folder.ScanAsync("cityscapes", r => r with { List = "seven.txt" }));
        Assert.DoesNotContain("x/6_", exception.Message, StringComparison.Ordinal);
    }

    private void Add(string split, string city, string name)
    {
        _folder.Write($"leftImg8bit/{split}/{city}/{name}_leftImg8bit.png", Pictures.Png());
        _folder.Write($"gtFine/{split}/{city}/{name}_gtFine_labelIds.png", Pictures.Labels(8, 6, 7, 26, 0));
        _folder.Write($"gtFine/{split}/{city}/{name}_gtFine_color.png", Pictures.Png());
    }
}

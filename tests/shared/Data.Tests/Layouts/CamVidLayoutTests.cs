using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;

namespace IntraDA.Data.Tests.Layouts;

public sealed class CamVidLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CamVidLayoutTests()
    {
        _folder.Write("info.json", """{"classes": ["sky", "pole", "road", "pedestrian"], "ignore_index": 4, "author": "somebody"}""");
        foreach (var name in new[] { "0001TP_006690", "0016E5_00390", "0006R0_f00930" })
        {
            _folder.Write($"images/{name}.jpg", Pictures.Jpeg());
        }

        _folder.Write("labels/0016E5_00390.png", Pictures.Labels(8, 6, 0, 4, 3));
        _folder.Write("source.txt", "0016E5_00390\n");
        _folder.Write("target.txt", "0006R0_f00930\n0001TP_006690\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Labelled_and_unlabelled_lists_make_two_sets()
    {
        var source = await _folder.ScanAsync("camvid", r => r with { List = "source.txt" });
        Assert.Equal(["sky", "pole", "road", "pedestrian"], source.Classes.Names);
        Assert.Equal([1, 3], source.Classes.RareTrainIds);
        Assert.Equal([70, 130, 180, 153, 153, 153, 128, 64, 128, 220, 20, 60], source.Classes.Palette);
        var label = LabelMapReader.Read(await File.ReadAllBytesAsync(_folder.At("labels/0016E5_00390.png"), TestContext.Current.CancellationToken), source.Labels, 4, "a", new());
        Assert.Equal([0, 255, 3], label.TrainIds[..3]);

        var target = await _folder.ScanAsync("camvid", r => r with { List = "target.txt" });
        Assert.Null(target.Labels);
        Assert.Equal(["0006R0_f00930", "0001TP_006690"], target.Ids());
        Assert.Equal(("day", "false"), (target.Items[0].Attributes["condition"], target.Items[0].Attributes["hard"]));
        Assert.Equal(("dusk", "true"), (target.Items[1].Attributes["condition"], target.Items[1].Attributes["hard"]));
    }

    [Fact]
    public async Task A_mixture_and_a_folder_without_info_are_refused()
    {
        await _folder.RefusesAsync("camvid", null, "Images without a label", "0001TP_006690");
        File.Delete(_folder.At("info.json"));
        await _folder.RefusesAsync("camvid", null, "'info.json' does not exist");
    }

    [Fact]
    public async Task An_id_to_ignore_that_no_label_can_hold_is_named_with_its_file()
    {
        _folder.Write("info.json", """{"classes": ["sky", "pole"], "ignore_index": -1}""");
        await _folder.RefusesAsync("camvid", r => r with { List = "source.txt" }, "'info.json'", "'ignore_index' is -1");
    }

    [Fact]
    public async Task The_real_frames_are_read_as_their_readme_says()
    {
        var path = Path.Combine(SharedFolder(), "data", "camvid");
        if (!Directory.Exists(path))
        {
            Assert.False(
                Environment.GetEnvironmentVariable("CI") == "true" && Directory.Exists(SharedFolder()), $"{path} is missing, and CI has its folder.");
            Assert.Skip("The CamVid frames are not beside the repository (../shared/data/camvid).");
        }

        using var storeFolder = new TemporaryFolder();
        var reader = new DatasetFileReader(new LocalArtifactStore(storeFolder.Path, TimeProvider.System), new ImageLimits());
        var token = TestContext.Current.CancellationToken;
        foreach (var (list, count, labelled, dusk) in new[] { ("source.txt", 305, true, 0), ("target.txt", 249, false, 62), ("val.txt", 68, true, 26) })
        {
            var manifest = await DatasetScanner.ScanAsync(new LayoutRequest { Path = path, Layout = "camvid", List = list }, null, token);
            Assert.Equal(count, manifest.Items.Count);
            Assert.Equal(dusk, manifest.Items.Count(item => item.Attributes["condition"] == "dusk"));
            Assert.Equal(labelled, manifest.Labels is not null);
            Assert.Equal(11, manifest.Classes.Names.Count);
            var image = await reader.ReadImageAsync(manifest, manifest.Items[0], token);
            Assert.Equal((480, 360), (image.Width, image.Height));
            if (labelled)
            {
                var ids = (await reader.ReadLabelAsync(manifest, manifest.Items[0], image, token)).TrainIds.Distinct().ToList();
                Assert.InRange(ids.Count, 4, 12);
                Assert.All(ids, id => Assert.True(id is < 11 or 255));
            }
        }
    }

    private static string SharedFolder()
    {
        if (Environment.GetEnvironmentVariable("INTRADA_SHARED") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? string.Empty, "shared");
    }
}

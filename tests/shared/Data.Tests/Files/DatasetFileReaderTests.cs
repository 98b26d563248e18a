using IntraDA.Artifacts.Store;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Tests.Files;

public sealed class DatasetFileReaderTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _storeFolder = new();
    private readonly LocalArtifactStore _store;
    private readonly DatasetFileReader _reader;

    public DatasetFileReaderTests()
    {
        _store = new LocalArtifactStore(_storeFolder.Path, TimeProvider.System);
        _reader = new DatasetFileReader(_store, new ImageLimits());
        _data.Write("images/a.png", Pictures.Png(8, 6));
        _data.Write("labels/a.png", Pictures.Labels(8, 6, 0, 1, 255));
        _data.Write("classes.json", """{"names": ["road", "car"]}""");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _data.Dispose();
        _storeFolder.Dispose();
    }

    [Fact]
    public async Task Images_and_labels_are_read_from_the_folder()
    {
        var manifest = await ScanAsync();
        var image = await _reader.ReadImageAsync(manifest, manifest.Items[0], Token);
        var label = await _reader.ReadLabelAsync(manifest, manifest.Items[0], Image(8, 6), Token);
        Assert.Equal(Pictures.Gradient(8, 6).Pixels, image.Pixels);
        Assert.Equal(Pictures.Repeat<byte>(48, 0, 1, 255), label.TrainIds);
    }

    [Fact]
    public async Task Images_are_read_from_the_store_where_there_is_no_root()
    {
        var png = Pictures.Png(5, 4);
        var artifact = await _store.PutAsync("datasets/x/a.png", new MemoryStream(png), "image/png", Token);
        var manifest = await ScanAsync();
        var item = new DatasetItem { Id = "a", Image = new DatasetFile { Path = artifact.Key, Sha256 = artifact.Sha256, SizeBytes = artifact.SizeBytes } };
        var stored = manifest with { Root = null, Labels = null, Items = [item] };
        Assert.Equal(png, await _reader.ReadAsync(stored, item.Image, Token));
        Assert.Equal(5, (await _reader.ReadImageAsync(stored, item, Token)).Width);
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => _reader.ReadAsync(stored, item.Image with { Sha256 = new string('0', 64) }, Token));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _reader.ReadAsync(stored, item.Image with { Path = "datasets/x/b.png" }, Token));
    }

    [Fact]
    public async Task A_changed_file_is_named_with_the_fix()
    {
        var manifest = await ScanAsync();
        var changed = Pictures.Png(8, 6);
        changed[^1] ^= 1;
        _data.Write("images/a.png", changed);
        await RefusesAsync(manifest, "images/a.png", "SHA-256 is another", "register the data set again");
        _data.Write("images/a.png", [.. changed, 0]);
        await RefusesAsync(manifest, "images/a.png", $"it has {changed.Length + 1} bytes");
        File.Delete(_data.At("images/a.png"));
        await RefusesAsync(manifest, "images/a.png", "is missing");
    }

    [Fact]
    public async Task A_path_out_of_the_root_is_refused_also_through_links()
    {
        using var outside = new TemporaryFolder();
        outside.Write("images/a.png", Pictures.Png(8, 6));
        var manifest = await ScanAsync();
        await RefusesAsync(manifest with { Items = [manifest.Items[0] with { Image = manifest.Items[0].Image with { Path = "../x.png" } }] }, "'../x.png'", "relative");

        File.Delete(_data.At("images/a.png"));
        File.CreateSymbolicLink(_data.At("images/a.png"), outside.At("images/a.png"));
        await RefusesAsync(manifest, "images/a.png", "leads out of the data set's folder");

        Directory.Delete(_data.At("images"), recursive: true);
        Directory.CreateSymbolicLink(_data.At("hop"), outside.Path);
        Directory.CreateSymbolicLink(_data.At("images"), "hop/images");
        await RefusesAsync(manifest, "images/a.png", "leads out of the data set's folder");

        Directory.Delete(_data.At("images"));
        Directory.CreateSymbolicLink(_data.At("images"), "images");
        await RefusesAsync(manifest, "images/a.png", "too many links");
    }

    [Fact]
    public async Task Links_inside_the_folder_and_to_the_folder_are_followed()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.Move(_data.At("images"), _data.At("real"));
        Directory.CreateSymbolicLink(_data.At("images"), "real");
        Directory.CreateSymbolicLink(elsewhere.At("link"), _data.Path);
        var manifest = await DatasetScanner.ScanAsync(new LayoutRequest { Path = elsewhere.At("link"), Layout = "plain" }, null, Token);
        Assert.Equal(8, (await _reader.ReadImageAsync(manifest, manifest.Items[0], Token)).Width);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_unread()
    {
        var manifest = await ScanAsync();
        var small = new DatasetFileReader(_store, new ImageLimits { MaxBytes = 10 });
        var exception = await Assert.ThrowsAsync<DatasetException>(() => small.ReadImageAsync(manifest, manifest.Items[0], Token));
        Assert.Contains("the limit is 10", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_of_another_size_is_read_as_it_is_and_only_where_the_layout_allows_it()
    {
        var manifest = await ScanAsync();
        var item = manifest.Items[0];
        await Assert.ThrowsAsync<DatasetException>(() => _reader.ReadLabelAsync(manifest, item, Image(16, 12), Token));

        var loose = manifest with { Labels = new LabelEncoding { SizesMayDiffer = true } };
        var label = await _reader.ReadLabelAsync(loose, item, Image(16, 12), Token);
        Assert.Equal((8, 6), (label.Width, label.Height));
        Assert.Equal((await _reader.ReadLabelAsync(manifest, item, Image(8, 6), Token)).TrainIds, label.TrainIds);
    }

    [Fact]
    public async Task An_unlabelled_item_has_no_label_to_read()
    {
        var manifest = await ScanAsync();
        var exception = await Assert.ThrowsAsync<DatasetException>(() => _reader.ReadLabelAsync(manifest, manifest.Items[0] with { Label = null }, Image(8, 6), Token));
        Assert.Contains("'a'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_read_ends()
    {
        var manifest = await ScanAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _reader.ReadImageAsync(manifest, manifest.Items[0], new CancellationToken(canceled: true)));
    }

    private static RgbImage Image(int width, int height) => new(width, height, new byte[3 * width * height]);

    private async Task RefusesAsync(DatasetManifest manifest, params string[] parts)
    {
        var exception = await Assert.ThrowsAsync<DatasetException>(() => _reader.ReadImageAsync(manifest, manifest.Items[0], Token));
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    private Task<DatasetManifest> ScanAsync() => DatasetScanner.ScanAsync(new LayoutRequest { Path = _data.Path, Layout = "plain" }, null, Token);
}

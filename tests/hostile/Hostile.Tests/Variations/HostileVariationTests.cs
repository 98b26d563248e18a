using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Tests;
using IntraDA.Hostile.Tests.World;

namespace IntraDA.Hostile.Tests.Variations;

/// <summary>
/// Seeded variations of valid files, straight into the readers: each is read, or refused by the reader's own exception, in time.
/// </summary>
public sealed class HostileVariationTests(HostileEnsemble ensemble)
{
    private const int PerBase = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly ImageLimits Small = new() { MaxBytes = 1 << 20, MaxPixels = 1 << 20 };

    private static readonly Artifact File = new() { Key = "uploads/x", Sha256 = new string('a', 64), SizeBytes = 10 };

    [Fact]
    public Task Hostile_variations_of_PNG_images() =>
        TryAsync(Pictures.Png(24, 20), bytes => Task.FromResult(ImageDecoder.Decode(bytes, "x", Small)));

    [Fact]
    public Task Hostile_variations_of_JPEG_images() =>
        TryAsync(Pictures.Jpeg(24, 20), bytes => Task.FromResult(ImageDecoder.Decode(bytes, "x", Small)));

    [Fact]
    public Task Hostile_variations_of_interlaced_images()
    {
        var png = new TestPng(24, 20, PngColorType.Rgba, 16, interlaced: true);
        return TryAsync(png.Encode(png.Samples()), bytes => Task.FromResult(ImageDecoder.Decode(bytes, "x", Small)));
    }

    [Fact]
    public Task Hostile_variations_of_label_maps() =>
        TryAsync(Pictures.Labels(24, 20, 0, 1, 255), bytes => Task.FromResult(LabelMapReader.Read(bytes, null, 2, "x", Small)));

    [Fact]
    public Task Hostile_variations_of_palette_label_maps() => TryAsync(
        PngWriter.Palette8(24, 20, Pictures.Repeat(480, (byte)0, (byte)1), [0, 0, 0, 9, 9, 9]),
        bytes => Task.FromResult(LabelMapReader.Read(bytes, null, 2, "x", Small)));

    [Fact]
    public Task Hostile_variations_of_manifests() => TryAsync(
        DatasetManifestJson.Serialize(HostileEnsemble.Describe(File, File)), bytes => Task.FromResult(DatasetManifestJson.Parse(bytes, "x")));

    [Fact]
    public async Task Hostile_variations_of_safetensors()
    {
        using var file = new MemoryStream();
        var entries = new[] { new SafetensorsEntry("a", SafetensorsDataType.F32, [4, 2], new byte[32]), new SafetensorsEntry("b", SafetensorsDataType.U8, [3], new byte[3]) };
        await SafetensorsWriter.WriteAsync(file, entries, new Dictionary<string, string> { ["format"] = "x" }, Token);
        await TryAsync(file.ToArray(), async bytes =>
        {
            var reader = await SafetensorsReader.OpenAsync(new MemoryStream(bytes), Token);
            foreach (var tensor in reader.Tensors)
            {
                reader.Read(tensor, new byte[tensor.Length]);
            }

            return reader;
        });
    }

    [Fact]
    public async Task Hostile_variations_of_score_tables()
    {
        using var file = new MemoryStream();
        await ScoreTable.WriteAsync(file, Enumerable.Range(0, 20).Select(i => new ScoreRow($"image-{i}", 0.01 * i, 0.02 * i, new byte[] { 1, 2, 3 })), Token);
        await TryAsync(file.ToArray(), bytes => ScoreTable.ReadAsync(new MemoryStream(bytes), Token));
    }

    [Fact]
    public async Task Hostile_variations_of_predictions()
    {
        using var file = new MemoryStream();
        var manifest = new PredictionsManifest { Items = [new PredictionItem("one", StoredArtifact.From(File), StoredArtifact.From(File))] };
        await manifest.WriteAsync(file, Token);
        await TryAsync(file.ToArray(), bytes => PredictionsManifest.ReadAsync(new MemoryStream(bytes), Token));
    }

    [Fact]
    public Task Hostile_variations_of_split_lists() =>
        TryAsync(Encoding.UTF8.GetBytes("aachen/a.png\nbremen/b.png\nköln/c.png\n"), bytes => SplitList.ReadAsync(new MemoryStream(bytes), Token));

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public async Task Hostile_variations_of_PyTorch_checkpoints(string fixture)
    {
        var path = Path.Combine(Ensemble.Tests.Processes.Places.Root, "tests", "shared", "Artifacts.Tests", "PyTorch", "Fixtures", fixture);
        await TryAsync(await System.IO.File.ReadAllBytesAsync(path, Token), async bytes =>
        {
            var reader = PyTorchReader.Open(new MemoryStream(bytes));
            foreach (var tensor in reader.Tensors)
            {
                await reader.ReadAsync(tensor, new byte[tensor.Length], Token);
            }

            return reader;
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task TryAsync<T>(byte[] valid, Func<byte[], Task<T>> read)
    {
        await read(valid);
        var outcomes = 0;
        for (var seed = 0; seed < PerBase; seed++)
        {
            var bytes = Mutation.Of(valid, seed);
            try
            {
                await Task.Run(() => read(bytes), Token).WaitAsync(Limit, Token);
            }
            catch (Exception e) when (e is BadImageException or ArtifactFormatException or DatasetException)
            {
                Assert.NotEmpty(e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail($"Variation {seed} of {valid.Length} bytes met {e}");
            }

            outcomes++;
        }

        ensemble.CountVariations(outcomes);
        await ensemble.AliveAsync();
    }
}

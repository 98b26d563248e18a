using IntraDA.Artifacts.Formats;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Tests.Splits;

/// <summary>Splits and pseudo-labels in the form of the published code, out and in.</summary>
public sealed class SplitExchangeTests : IDisposable
{
    private const string Easy = "aachen/aachen_000000_000019_leftImg8bit.png";
    private const string Hard = "bochum/bochum_000002_000019_leftImg8bit.png";

    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pseudo_labels_come_in_a_flat_folder_with_their_colours_and_the_lists()
    {
        await using var server = await GatewayFixture.StartAsync();
        var map = new LabelMap(4, 2, [0, 1, 2, 13, 18, 255, 7, 0]);
        Labelled(server.Gateway, UrbanClasses.Classes("19"), (Easy, map));

        var run = await CliRun.Of(
            "export", "--workflow", "wf-1", "--what", "pseudo-labels", "--out", _folder["masks"], "--json", "--gateway", server.Address);

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Equal(1, (int)run.LastLine["labels"]!);
        Assert.Equal(
            ["aachen_000000_000019_leftImg8bit.png", "aachen_000000_000019_leftImg8bit_color.png", "easy_split.txt", "hard_split.txt"],
            Directory.EnumerateFiles(_folder["masks"]).Select(Path.GetFileName).Order());
        var grey = PngReader.Read(await ReadAsync("masks/aachen_000000_000019_leftImg8bit.png"), "grey", new ImageLimits(), channel: 0);
        Assert.Equal((PngColorType.Gray, 8), (grey.ColorType, grey.BitDepth));
        Assert.Equal(map.TrainIds, grey.Samples.Select(sample => (byte)sample));
        var colors = ImageDecoder.Decode(await ReadAsync("masks/aachen_000000_000019_leftImg8bit_color.png"), "color", new ImageLimits());
        Assert.Equal([128, 64, 128, 244, 35, 232, 70, 70, 70, 0, 0, 142, 119, 11, 32, 0, 0, 0], colors.Pixels[..18]);
        Assert.Equal(Easy + "\n", await File.ReadAllTextAsync(_folder["masks/easy_split.txt"], Token));
        Assert.Equal(Hard + "\n", await File.ReadAllTextAsync(_folder["masks/hard_split.txt"], Token));
    }

    [Theory]
    [InlineData("a/x.png", "b/x.png", "x.png")]
    [InlineData("a/x.jpg", "b/x.png", "x.png")]
    [InlineData("x", "X", "X.png")]
    [InlineData("x", "x_color", "x_color.png")]
    public async Task Images_whose_files_would_have_one_name_are_refused_before_anything_is_written(string first, string second, string file)
    {
        await using var server = await GatewayFixture.StartAsync();
        var map = new LabelMap(1, 1, [0]);
        Labelled(server.Gateway, UrbanClasses.Classes("19"), (first, map), (second, map));

        var run = await CliRun.Of(
            "export", "--workflow", "wf-1", "--what", "pseudo-labels", "--out", _folder["masks"], "--gateway", server.Address);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains($"'{first}' and '{second}' would both have the file {file}", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["masks"]));
    }

    [Fact]
    public async Task A_workflow_without_pseudo_labels_says_so()
    {
        await using var server = await GatewayFixture.StartAsync();
        var run = await CliRun.Of("export", "--workflow", "wf-1", "--what", "pseudo-labels", "--out", _folder["masks"], "--gateway", server.Address);
        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains("wf-1 has no pseudo-labels yet", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_split_with_its_pseudo_labels_reaches_the_spec_from_any_folder()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.Gateway.OnCreate = request => new Workflow { Id = "wf-1", State = WorkflowState.Pending, Spec = request.Spec };
        var png = LabelMapWriter.EncodePng(new LabelMap(2, 1, [1, 255]));
        await GiveAsync(png);

        var run = await AdaptAsync(server, "--pseudo-labels-from", _folder["masks"]);

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        var spec = Assert.Single(server.Gateway.Created).Spec;
        Assert.Equal($"{Easy}\n", System.Text.Encoding.UTF8.GetString(server.Gateway.Store[spec.EasySplit.Key]));
        Assert.Equal($"{Hard}\n", System.Text.Encoding.UTF8.GetString(server.Gateway.Store[spec.HardSplit.Key]));
        using var stream = new MemoryStream(server.Gateway.Store[spec.Predictions.Key]);
        var item = Assert.Single((await PredictionsManifest.ReadAsync(stream, Token)).Items);
        Assert.Equal(Easy, item.Id);
        Assert.Equal(png, server.Gateway.Store[item.LabelMap.Key]);

        var lists = await AdaptAsync(server);
        Assert.True(lists.ExitCode == ExitCodes.Success, lists.Error);
        Assert.Null(server.Gateway.Created.Last().Spec.Predictions);
        Assert.NotNull(server.Gateway.Created.Last().Spec.EasySplit);
    }

    [Fact]
    public async Task Lists_that_an_editor_has_saved_are_read_as_a_data_sets_own()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.Gateway.OnCreate = request => new Workflow { Id = "wf-1", State = WorkflowState.Pending, Spec = request.Spec };
        await GiveAsync(LabelMapWriter.EncodePng(new LabelMap(2, 1, [1, 255])));
        await File.WriteAllTextAsync(_folder["lists/easy.txt"], "\uFEFF" + Easy.Replace('/', '\\') + " \r\n  \r\n", Token);

        var run = await AdaptAsync(server, "--pseudo-labels-from", _folder["masks"]);

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        var spec = Assert.Single(server.Gateway.Created).Spec;
        Assert.Equal($"{Easy}\n", System.Text.Encoding.UTF8.GetString(server.Gateway.Store[spec.EasySplit.Key]));

        await File.WriteAllBytesAsync(_folder["lists/hard.txt"], [0x61, 0xC3, 0x28, 0x0A], Token);
        Assert.Contains("hard.txt is no list of images: it is not UTF-8 text", (await AdaptAsync(server)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 254)]
    [InlineData(16, 300)]
    public async Task Values_that_no_train_id_has_are_not_taken_for_ignored_pixels(int bits, int value)
    {
        await using var server = await GatewayFixture.StartAsync();
        await GiveAsync(bits == 8 ? PngWriter.Gray8(1, 1, [(byte)value]) : PngWriter.Gray16(1, 1, [(ushort)value]));

        var run = await AdaptAsync(server, "--pseudo-labels-from", _folder["masks"]);

        Assert.Equal(ExitCodes.Failure, run.ExitCode);
        Assert.Contains($"holds the value {value}, which is no train id of 2 classes", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Gateway.Created);
    }

    [Fact]
    public async Task Pseudo_labels_that_are_missing_or_of_other_classes_and_lists_that_are_none_are_named()
    {
        await using var server = await GatewayFixture.StartAsync();
        await GiveAsync(LabelMapWriter.EncodePng(new LabelMap(2, 1, [1, 33])));
        await RefusedAsync("holds the value 33, which is no train id of 2 classes");

        File.Delete(_folder["masks/aachen_000000_000019_leftImg8bit.png"]);
        await RefusedAsync("missing in " + _folder["masks"] + ": aachen_000000_000019_leftImg8bit.png");

        await File.WriteAllTextAsync(_folder["lists/hard.txt"], "a\na\n", Token);
        await RefusedAsync("hard.txt is no list of images", "'a' twice");
        Assert.Empty(server.Gateway.Created);

        async Task RefusedAsync(params string[] parts)
        {
            var run = await AdaptAsync(server, "--pseudo-labels-from", _folder["masks"]);
            Assert.Equal(ExitCodes.Failure, run.ExitCode);
            Assert.All(parts, part => Assert.Contains(part, run.Error, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--easy-split a", "belong together")]
    [InlineData("--pseudo-labels-from a", "needs the split")]
    public async Task Halves_of_a_split_are_refused(string options, string part)
    {
        var run = await CliRun.Of([.. "adapt --source a --target b --layout plain --out c".Split(' '), .. options.Split(' ')]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> AdaptAsync(GatewayFixture server, params string[] more) => CliRun.Of(
    [
        "adapt", "--source", _folder["data"], "--target", _folder["data"], "--validation", _folder["data"], "--layout", "cityscapes",
        "--easy-split", _folder["lists/easy.txt"], "--hard-split", _folder["lists/hard.txt"], "--out", _folder["out"], "--detach",
        "--gateway", server.Address, .. more,
    ]);

    private async Task GiveAsync(byte[] label)
    {
        foreach (var name in new[] { "data", "lists", "masks" })
        {
            Directory.CreateDirectory(_folder[name]);
        }

        await File.WriteAllTextAsync(_folder["lists/easy.txt"], Easy + "\n", Token);
        await File.WriteAllTextAsync(_folder["lists/hard.txt"], Hard + "\r\n", Token);
        await File.WriteAllBytesAsync(_folder["masks/aachen_000000_000019_leftImg8bit.png"], label, Token);
    }

    private Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(_folder[name], Token);

    private static void Labelled(FakeGateway gateway, ClassList classes, params (string Id, LabelMap Map)[] images)
    {
        var items = images.Select((image, i) =>
        {
            var stored = gateway.Put($"labels/{i}.png", LabelMapWriter.EncodePng(image.Map), LabelMapWriter.MediaType);
            var file = new DatasetFile { Path = stored.Key, Sha256 = stored.Sha256, SizeBytes = stored.SizeBytes, InStore = true };
            return new DatasetItem { Id = image.Id, Image = file, Label = file };
        });
        var manifest = new DatasetManifest
        {
            Name = "easy",
            Classes = classes,
            Labels = new LabelEncoding { SizesMayDiffer = true },
            Root = "/data",
            Items = [.. items],
        };
        gateway.Workflow.Stages.Add(new Stage
        {
            Kind = StageKind.PseudoLabel,
            State = WorkflowState.Succeeded,
            Inputs =
            {
                ["easy_split"] = gateway.Put("rank/easy", System.Text.Encoding.UTF8.GetBytes(Easy + "\n"), SplitList.MediaType),
                ["hard_split"] = gateway.Put("rank/hard", System.Text.Encoding.UTF8.GetBytes(Hard + "\n"), SplitList.MediaType),
            },
            Outputs = { ["easy_dataset"] = gateway.Put("easy", DatasetManifestJson.Serialize(manifest), DatasetManifest.MediaType) },
        });
    }
}

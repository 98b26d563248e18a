using System.Text.Json.Nodes;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Data.Labels;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Commands;

/// <summary>Bad input gets one line that names the thing, and leaves nothing behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly RunningEnsemble _ensemble;
    private readonly TempFolder _folder = new();

    public BadInputTests(RunningEnsemble ensemble)
    {
        _ensemble = ensemble;
        foreach (var role in new[] { "source", "target", "validation" })
        {
            Copy(ensemble.Folder(role), _folder[role]);
        }
    }

    public void Dispose()
    {
        // Refused before or while running: in no case is there a report.
        Assert.False(Directory.Exists(_folder["out"]), "A refused command left its output folder.");
        _folder.Dispose();
    }

    [Fact]
    public async Task A_missing_folder()
    {
        Directory.Delete(_folder["source"], recursive: true);

        (await AdaptAsync()).RefusedWith(1, "--source", _folder["source"], "is not there");
    }

    [Fact]
    public async Task An_unreadable_image()
    {
        var image = Directory.GetFiles(_folder["source", "images"]).Order().First();
        await File.WriteAllTextAsync(image, "no image", Token);

        (await AdaptAsync()).RefusedWith(1, Path.GetFileName(image));
    }

    [Theory]
    [InlineData("source", "images")]
    [InlineData("source", "labels")]
    [InlineData("validation", "images")]
    public async Task A_file_that_is_cut_after_its_header(string role, string kind)
    {
        var file = Directory.GetFiles(_folder[role, kind]).Order().Last();
        var whole = await File.ReadAllBytesAsync(file, Token);
        await File.WriteAllBytesAsync(file, whole[..(whole.Length / 2)], Token);

        (await AdaptAsync()).RefusedWith(1, Path.GetFileName(file), "cut off", "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task A_label_with_a_value_that_is_no_class()
    {
        var label = Directory.GetFiles(_folder["source", "labels"]).Order().First();
        var ids = new byte[TinyStreets.Width * TinyStreets.Height];
        ids[0] = 77;
        await File.WriteAllBytesAsync(label, LabelMapWriter.EncodePng(new LabelMap(TinyStreets.Width, TinyStreets.Height, ids)), Token);

        (await AdaptAsync()).RefusedWith(1, Path.GetFileName(label), "77 (1 pixel)", "classes.json", "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task A_label_of_another_size_than_its_image()
    {
        var label = Directory.GetFiles(_folder["source", "labels"]).Order().First();
        await File.WriteAllBytesAsync(label, LabelMapWriter.EncodePng(new LabelMap(32, 16, new byte[32 * 16])), Token);

        (await AdaptAsync()).RefusedWith(1, Path.GetFileName(label), "32", "96");
    }

    [Fact]
    public async Task A_lambda_above_one()
    {
        (await AdaptAsync("--lambda", "1.5")).RefusedWith(2, "--lambda", "0..1", "1.5");

        var spec = TinyStreets.Spec();
        spec.Ranking = new RankingOptions { Lambda = 1.5 };
        var error = await Assert.ThrowsAsync<RpcException>(() => _ensemble.Gateway.CreateAsync(spec));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("spec.ranking.lambda", Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task An_empty_target()
    {
        foreach (var file in Directory.GetFiles(_folder["target", "images"]))
        {
            File.Delete(file);
        }

        (await AdaptAsync()).RefusedWith(1, _folder["target"], "image");
    }

    [Fact]
    public async Task An_unknown_method() =>
        (await AdaptAsync("--method", "magic")).RefusedWith(2, "--method", "magic", "advent", "minent", "source-only");

    [Fact]
    public async Task An_unknown_network() =>
        (await AdaptAsync("--network", "unet")).RefusedWith(1, "unet", "compact", "deeplabv2-resnet101", "INVALID_ARGUMENT");

    [Fact]
    public async Task Other_classes_in_the_validation_set()
    {
        var path = _folder["validation", "classes.json"];
        var classes = JsonNode.Parse(await File.ReadAllTextAsync(path, Token))!;
        classes["names"]![3] = "tram";
        await File.WriteAllTextAsync(path, classes.ToJsonString(), Token);

        (await AdaptAsync()).RefusedWith(1, "tram", "classes", "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Initial_weights_that_are_no_checkpoint()
    {
        await File.WriteAllTextAsync(_folder["weights.safetensors"], "these are no weights at all", Token);

        (await AdaptAsync("--initial-weights", _folder["weights.safetensors"]))
            .RefusedWith(1, "spec.initial_weights", "safetensors", "intrada import", "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Initial_weights_of_another_network()
    {
        var weights = (await _ensemble.PlainAsync()).Stage(Contracts.Gateway.V1.StageKind.Inter).Outputs["weights"];
        await File.WriteAllBytesAsync(_folder["weights.safetensors"], await _ensemble.Gateway.DownloadAsync(weights), Token);

        (await AdaptAsync("--network", "deeplabv2-resnet50", "--initial-weights", _folder["weights.safetensors"]))
            .RefusedWith(1, "spec.initial_weights", "compact", "deeplabv2-resnet50", "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task A_gateway_that_is_not_there()
    {
        var cli = new Cli(_folder["home"], $"http://127.0.0.1:{Places.FreePort()}");

        (await cli.RunAsync("workflows", "list", "--json")).RefusedWith(1, "no gateway answers", "intrada serve");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private Task<ProgramRun> AdaptAsync(params string[] more) => _ensemble.Cli.RunAsync(
    [
        "adapt", "--source", _folder["source"], "--target", _folder["target"], "--validation", _folder["validation"], "--layout", "plain",
        "--iterations-source", "2", "--iterations-inter", "2", "--iterations-intra", "2", "--skip-controls", "--out", _folder["out"], "--json",
        .. more,
    ]);
}

using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Commands;

/// <summary><c>intrada predict</c> as a process.</summary>
public sealed class PredictCommandTests(RunningEnsemble ensemble)
{
    private static readonly ImageLimits Limits = new();

    [Fact]
    public async Task Three_files_an_image_are_written_and_a_segmenter_gives_the_same_ones()
    {
        using var folder = new TempFolder();
        var workflow = (await ensemble.PlainAsync()).Id;
        var photograph = folder["photo.jpg"];
        var image = ImageDecoder.Decode(await ReadAsync(ensemble.Images[2]), "image", Limits);
        await File.WriteAllBytesAsync(photograph, ImageEncoder.EncodeJpeg(image, 90), TestContext.Current.CancellationToken);
        string[] images = [ensemble.Images[0], ensemble.Images[1], photograph];

        var proxied = (await ensemble.Cli.RunAsync(
            ["predict", "--workflow", workflow, .. images, "--out", folder["gateway"], "--json"])).Succeeded();
        var direct = (await ensemble.Cli.RunAsync(
            ["predict", "--workflow", workflow, .. images, "--out", folder["segmenter"], "--segmenter", ensemble.Services.Segmenter, "--json"]))
            .Succeeded();

        Assert.Equal(3, proxied.Result["images"]!.GetValue<int>());
        Assert.Equal(3, direct.Result["images"]!.GetValue<int>());
        Assert.Equal(9, Directory.GetFiles(folder["gateway"]).Length);
        foreach (var name in images.Select(path => Path.GetFileNameWithoutExtension(path)))
        {
            var labels = LabelMapReader.Read(await ReadAsync(folder["gateway", name + "_labels.png"]), encoding: null, 11, name, Limits);
            Assert.Equal((TinyStreets.Width, TinyStreets.Height), (labels.Width, labels.Height));
            foreach (var kind in new[] { "overlay", "entropy" })
            {
                var picture = ImageDecoder.Decode(await ReadAsync(folder["gateway", $"{name}_{kind}.png"]), kind, Limits);
                Assert.Equal((TinyStreets.Width, TinyStreets.Height), (picture.Width, picture.Height));
            }

            Assert.Equal(await ReadAsync(folder["gateway", name + "_labels.png"]), await ReadAsync(folder["segmenter", name + "_labels.png"]));
        }
    }

    [Fact]
    public async Task A_checkpoint_is_named_by_its_key_alone_on_both_ways()
    {
        using var folder = new TempFolder();
        var key = (await ensemble.PlainAsync()).Stage(StageKind.Intra).Outputs["weights"].Key;
        string[] command = ["predict", "--checkpoint", key, ensemble.Images[0], "--json", "--out"];

        (await ensemble.Cli.RunAsync([.. command, folder["gateway"]])).Succeeded();
        (await ensemble.Cli.RunAsync([.. command, folder["segmenter"], "--segmenter", ensemble.Services.Segmenter])).Succeeded();

        foreach (var file in Directory.GetFiles(folder["gateway"]))
        {
            Assert.Equal(await ReadAsync(file), await ReadAsync(folder["segmenter", Path.GetFileName(file)]));
        }
    }

    [Fact]
    public async Task A_folder_means_its_images_and_a_stage_another_network()
    {
        using var folder = new TempFolder();
        var workflow = (await ensemble.PlainAsync()).Id;
        var images = Path.Combine(ensemble.Folder("validation"), "images");

        var intra = (await ensemble.Cli.RunAsync("predict", "--workflow", workflow, images, "--out", folder["intra"], "--json")).Succeeded();
        (await ensemble.Cli.RunAsync(
            "predict", "--workflow", workflow, "--stage", "source", images, "--out", folder["source"], "--json")).Succeeded();

        Assert.Equal(TinyStreets.ValidationImages, intra.Result["images"]!.GetValue<int>());
        var maps = Directory.GetFiles(folder["intra"], "*_labels.png").Select(path => Path.GetFileName(path));
        Assert.Contains(maps, map => !File.ReadAllBytes(folder["intra", map]).SequenceEqual(File.ReadAllBytes(folder["source", map])));
    }

    [Fact]
    public async Task An_unreadable_image_is_named_and_the_others_are_written()
    {
        using var folder = new TempFolder();
        var broken = folder["broken.png"];
        await File.WriteAllBytesAsync(broken, (await ReadAsync(ensemble.Images[0]))[..300], TestContext.Current.CancellationToken);

        var run = await ensemble.Cli.RunAsync(
            "predict", "--workflow", (await ensemble.PlainAsync()).Id, ensemble.Images[0], broken, ensemble.Images[1], "--out", folder["out"],
            "--json");

        run.RefusedWith(1, broken, "INVALID_ARGUMENT");
        Assert.Equal(2, run.Result["images"]!.GetValue<int>());
        Assert.Equal(1, run.Result["failed"]!.GetValue<int>());
        Assert.Equal(6, Directory.GetFiles(folder["out"]).Length);
    }

    [Fact]
    public async Task A_missing_image_a_missing_workflow_and_a_wrong_segmenter_are_one_line_each()
    {
        using var folder = new TempFolder();
        var workflow = (await ensemble.PlainAsync()).Id;

        (await ensemble.Cli.RunAsync("predict", "--workflow", workflow, folder["none.png"], "--out", folder["out"], "--json"))
            .RefusedWith(1, "none.png");
        Assert.False(Directory.Exists(folder["out"]));
        (await ensemble.Cli.RunAsync("predict", "--workflow", "wf-0000000000000000", ensemble.Images[0], "--out", folder["out"], "--json"))
            .RefusedWith(1, "wf-0000000000000000", "NOT_FOUND");
        (await ensemble.Cli.RunAsync(
            "predict", "--workflow", workflow, ensemble.Images[0], "--out", folder["out"], "--segmenter",
            $"http://127.0.0.1:{Places.FreePort()}", "--json"))
            .RefusedWith(1, "no segmenter answers");
    }

    private static Task<byte[]> ReadAsync(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
}

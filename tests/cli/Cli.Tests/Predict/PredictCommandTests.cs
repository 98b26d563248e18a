using IntraDA.Cli.Predict;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Data.Images;

namespace IntraDA.Cli.Tests.Predict;

public sealed class PredictCommandTests
{
    [Fact]
    public async Task Three_files_come_of_each_image_and_a_bad_image_is_named_while_the_others_go_on()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["good.png"], ImageEncoder.EncodePng(Grey(4, 2)));
        File.WriteAllText(folder["bad.png"], "no image");

        var run = await CliRun.Of("predict", "--workflow", "wf-1", folder.Path, "--out", folder["out"], "--json", "--gateway", server.Address);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{folder["bad.png"]}: it is neither JPEG nor PNG (INVALID_ARGUMENT)", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (int)run.LastLine["images"]!);
        Assert.Equal(1, (int)run.LastLine["failed"]!);
        Assert.Equal(
            ["good_entropy.png", "good_labels.png", "good_overlay.png"],
            Directory.EnumerateFiles(folder["out"]).Select(Path.GetFileName).Order());

        var labels = Decode(folder["out/good_labels.png"]);
        Assert.Equal((4, 2), (labels.Width, labels.Height));
        Assert.Equal(1, labels.Pixels[3]);

        // Half of the grey photograph and half of the class's colour; the ignored pixel is the photograph's.
        var overlay = Decode(folder["out/good_overlay.png"]);
        Assert.Equal([150, 50, 50], overlay.Pixels[..3]);
        Assert.Equal([50, 50, 150], overlay.Pixels[3..6]);
        Assert.Equal([100, 100, 100], overlay.Pixels[12..15]);

        var heat = Decode(folder["out/good_entropy.png"]);
        Assert.Equal(EntropyColours.Table[..3].ToArray(), heat.Pixels[..3]);
        Assert.Equal(EntropyColours.Table[^3..].ToArray(), heat.Pixels[^3..]);
    }

    [Fact]
    public async Task More_images_than_travel_at_once_all_arrive_in_order()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();
        for (var i = 0; i < 30; i++)
        {
            File.WriteAllBytes(folder[$"{i:00}.png"], ImageEncoder.EncodePng(Grey(4, 2)));
        }

        var run = await CliRun.Of("predict", "--workflow", "wf-1", folder.Path, "--out", folder["out"], "--json", "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => folder[$"{i:00}.png"]),
            run.JsonLines.Where(line => (string?)line["event"] == "image").Select(line => (string)line["image"]!));
    }

    [Fact]
    public async Task A_missing_file_is_named_and_nothing_is_asked_of_a_gateway()
    {
        using var folder = new TempFolder();

        var run = await CliRun.Of("predict", "--workflow", "wf-1", folder["gone.jpg"], "--out", folder["out"], "--gateway", "127.0.0.1:1");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"intrada: {folder["gone.jpg"]}: there is no such file; check the path", run.Error.Trim());
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_leaves_no_folder()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["good.png"], ImageEncoder.EncodePng(Grey(4, 2)));

        var run = await CliRun.Of("predict", "--workflow", "wf-1", folder["good.png"], "--out", folder["out"], "--gateway", "127.0.0.1:1");

        Assert.Equal(1, run.ExitCode);
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static RgbImage Grey(int width, int height) => new(width, height, [.. Enumerable.Repeat((byte)100, width * height * 3)]);

    private static RgbImage Decode(string path) => ImageDecoder.Decode(File.ReadAllBytes(path), path, new ImageLimits());
}

using System.Text.Json.Nodes;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Photographs;

/// <summary>The command of the issue on real photographs, with services of its own, cut down to a few iterations.</summary>
public sealed class CamVidTests
{
    [Fact]
    public async Task Real_streets_are_adapted_and_the_share_of_dusk_frames_in_the_hard_split_is_reported()
    {
        var data = Places.Shared is { } shared ? Path.Combine(shared, "data", "camvid") : null;
        Assert.SkipUnless(Directory.Exists(data), Directory.Exists(data) ? "" : Places.SkipOrFail("The folder ../shared/data/camvid is not beside the repository."));
        using var folder = new TempFolder();
        var own = new Cli(folder["home"], gateway: null);

        var run = (await own.RunAsync(
            TimeSpan.FromMinutes(4),
            "adapt", "--source", data!, "--source-list", "source.txt", "--target", data!, "--target-list", "target.txt", "--validation-list",
            "val.txt", "--layout", "camvid", "--network", "compact", "--iterations-source", "4", "--iterations-inter", "4",
            "--iterations-intra", "4", "--out", folder["out"], "--json")).Succeeded();

        var result = run.Result;
        foreach (var value in new[] { result["miou"]!["source_only"], result["miou"]!["inter"], result["miou"]!["intra"] })
        {
            Assert.InRange(value!.GetValue<double>(), 0.001, 100);
        }

        Assert.Equal(folder["out", "report.html"], result["report"]!.GetValue<string>());
        var report = JsonNode.Parse(
            await File.ReadAllTextAsync(folder["out", "report.json"], TestContext.Current.CancellationToken))!;
        var frames = (await File.ReadAllLinesAsync(Path.Combine(data!, "target.txt"), TestContext.Current.CancellationToken))
            .Where(line => line.Trim().Length > 0).ToList();
        var conditions = report["ranking"]!["conditions"]!.AsArray();
        var dusk = conditions.Single(one => one!["condition"]!.GetValue<string>() == "dusk")!;
        Assert.Equal(frames.Count(line => line.Contains("0001TP", StringComparison.Ordinal)), dusk["images"]!.GetValue<int>());
        Assert.Equal(
            (double)dusk["in_hard_split"]!.GetValue<int>() / dusk["images"]!.GetValue<int>(), dusk["hard_share"]!.GetValue<double>(), 1e-5);
        Assert.Equal(
            report["ranking"]!["hard"]!.GetValue<int>(), conditions.Sum(one => one!["in_hard_split"]!.GetValue<int>()));
        Assert.Equal(frames.Count, report["ranking"]!["images"]!.GetValue<int>());
    }
}

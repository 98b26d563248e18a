using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Commands;

/// <summary>Photographs without any labels are adapted to as well: then nothing is measured, and the report says so.</summary>
public sealed class UnlabelledTargetTests(RunningEnsemble ensemble)
{
    [Fact]
    public async Task A_target_without_labels_is_adapted_to_and_the_report_says_that_nothing_was_measured()
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(ensemble.Folder("target"), "images")).Append(Path.Combine(ensemble.Folder("target"), "classes.json")))
        {
            var copy = Path.Combine(folder["photographs"], Path.GetRelativePath(ensemble.Folder("target"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var run = (await ensemble.Cli.RunAsync(
            "adapt", "--source", ensemble.Folder("source"), "--target", folder["photographs"], "--layout", "plain", "--iterations-source", "2",
            "--iterations-inter", "2", "--iterations-intra", "2", "--skip-controls", "--out", folder["out"], "--json")).Succeeded();

        Assert.Null(run.Result["miou"]!["inter"]);
        Assert.Contains(run.Lines, line => line["event"]?.GetValue<string>() == "note" && line["text"]!.GetValue<string>().Contains("not measured", StringComparison.Ordinal));
        var report = await File.ReadAllTextAsync(folder["out", "report.html"], TestContext.Current.CancellationToken);
        Assert.Contains("There is no validation set", report, StringComparison.Ordinal);
    }
}

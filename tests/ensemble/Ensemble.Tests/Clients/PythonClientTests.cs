using System.Text.Json.Nodes;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Clients;

/// <summary>A client in another language that knows nothing but grpcio and the protos.</summary>
public sealed class PythonClientTests(RunningEnsemble ensemble, Python python) : IClassFixture<Python>
{
    private static readonly string Scripts = Path.Combine(Places.Root, "clients", "python");

    [Fact]
    public async Task It_adapts_a_network_and_streams_predictions()
    {
        SkipWithout(python);
        using var folder = new TempFolder();

        var run = (await Python.RunAsync(
            Path.Combine(Scripts, "adapt.py"), "--gateway", ensemble.Services.Gateway, "--source", ensemble.Folder("source"), "--target",
            ensemble.Folder("target"), "--validation", ensemble.Folder("validation"), "--layout", "plain", "--iterations-source", "2",
            "--iterations-inter", "2", "--iterations-intra", "2", "--skip-controls", "--out", folder["out"])).Succeeded();

        Assert.Contains("workflow: succeeded", run.Out, StringComparison.Ordinal);
        Assert.Contains("intra: succeeded", run.Out, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(await File.ReadAllTextAsync(folder["out", "report.json"], TestContext.Current.CancellationToken))!["miou"]!["intra"]);
        Assert.True(new FileInfo(folder["out", "report.html"]).Length > 10_000);
        var maps = Directory.GetFiles(folder["out", "predictions"], "*_labels.png");
        Assert.Equal(4, maps.Length);
        Assert.All(maps, path =>
        {
            var labels = LabelMapReader.Read(File.ReadAllBytes(path), encoding: null, 11, path, new ImageLimits());
            Assert.Equal((TinyStreets.Width, TinyStreets.Height), (labels.Width, labels.Height));
        });
    }

    [Fact]
    public async Task On_a_fresh_home_it_needs_nothing_beforehand()
    {
        SkipWithout(python);
        using var folder = new TempFolder();
        await using var services = await ServicesProcess.StartAsync(folder["home"]);

        var run = (await Python.RunAsync(
            Path.Combine(Scripts, "adapt.py"), "--gateway", services.Gateway, "--iterations-source", "2", "--iterations-inter", "2",
            "--iterations-intra", "2", "--skip-controls", "--out", folder["out"])).Succeeded();

        Assert.Contains("workflow: succeeded", run.Out, StringComparison.Ordinal);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(folder["out", "report.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ["python-streets-source", "python-streets-target", "python-streets-validation"],
            new[] { "source", "target", "validation" }.Select(role => report["data"]![role]!["name"]!.GetValue<string>()));
        Assert.NotNull(report["miou"]!["intra"]);
        Assert.NotNull(report["ranking"]!["auc_difficulty"]);
        Assert.Equal(4, Directory.GetFiles(folder["out", "predictions"], "*_labels.png").Length);
    }

    [Fact]
    public async Task Without_a_validation_set_it_says_that_nothing_was_measured_and_half_a_pair_is_refused()
    {
        SkipWithout(python);
        using var folder = new TempFolder();

        var half = await Python.RunAsync(Path.Combine(Scripts, "adapt.py"), "--gateway", ensemble.Services.Gateway, "--source", "source");
        var run = (await Python.RunAsync(
            Path.Combine(Scripts, "adapt.py"), "--gateway", ensemble.Services.Gateway, "--source", "source", "--target", "target",
            "--iterations-source", "2", "--iterations-inter", "2", "--iterations-intra", "2", "--skip-controls", "--out", folder["out"])).Succeeded();

        Assert.NotEqual(0, half.ExitCode);
        Assert.Contains("--source and --target", half.Error, StringComparison.Ordinal);
        Assert.Contains("not measured", run.Out, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(folder["out", "predictions"], "*_labels.png").Length);
    }

    [Fact]
    public async Task A_Python_without_the_packages_hands_over_to_the_systems_that_has_them()
    {
        SkipWithout(python);
        using var folder = new TempFolder();
        (await Python.RunAsync("-m", "venv", "--without-pip", folder["venv"])).Succeeded();

        var run = await ProgramRun.OfAsync(
            folder["venv", "bin", "python3"],
            [Path.Combine(Scripts, "adapt.py"), "--gateway", ensemble.Services.Gateway, "--source", "source"],
            new Dictionary<string, string?> { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            TimeSpan.FromMinutes(1));

        Assert.Contains("has no grpc; going on with /usr/bin/python3", run.Error, StringComparison.Ordinal);
        Assert.Contains("--source and --target", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_predicts_with_a_finished_workflow_and_names_what_failed()
    {
        SkipWithout(python);
        using var folder = new TempFolder();
        var workflow = await ensemble.PlainAsync();
        await File.WriteAllTextAsync(folder["broken.png"], "no image", TestContext.Current.CancellationToken);

        var run = await Python.RunAsync(
            Path.Combine(Scripts, "predict.py"), "--gateway", ensemble.Services.Gateway, "--workflow", workflow.Id, ensemble.Images[0],
            folder["broken.png"], ensemble.Images[1], "--out", folder["out"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("broken.png", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder["out"], "*_labels.png").Length);
    }

    [Fact]
    public async Task An_error_of_a_call_is_one_line()
    {
        SkipWithout(python);
        using var folder = new TempFolder();

        var run = await Python.RunAsync(
            Path.Combine(Scripts, "predict.py"), "--gateway", ensemble.Services.Gateway, "--workflow", "wf-0000000000000000", ensemble.Images[0],
            "--out", folder["out"]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("NOT_FOUND", Assert.Single(run.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("segmenter")]
    [InlineData("ranker")]
    [InlineData("trainer")]
    public async Task Health_and_reflection_answer_to_bare_bytes(string service)
    {
        SkipWithout(python);

        var run = (await Python.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Clients", "probe.py"), HealthAndReflectionTests.AddressOf(ensemble, service))).Succeeded();

        Assert.Contains("SERVING", run.Out, StringComparison.Ordinal);
        Assert.Contains($"intrada.{service}.v1.", run.Out, StringComparison.Ordinal);
    }

    private static void SkipWithout(Python python) => Assert.SkipWhen(python.Unavailable is not null, python.Unavailable ?? "");
}

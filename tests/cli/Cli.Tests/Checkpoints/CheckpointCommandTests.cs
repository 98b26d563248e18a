using System.Text.Json.Nodes;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Tests.Checkpoints;

public sealed class CheckpointCommandTests
{
    private const int Timeout = 120_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData("zip.pth", "")]
    [InlineData("legacy.pth", "")]
    [InlineData("wrapped.pth", "")]
    [InlineData("dataparallel.pth", "module.")]
    [InlineData("imagenet_prefixed_legacy.pth", "Scale.")]
    public async Task Every_tensor_is_listed_with_type_and_shape_and_the_last_line_counts_them(string file, string prefix)
    {
        var run = await CliRun.Of("import", Fixture(file), "--list", "--json");

        Assert.Equal(0, run.ExitCode);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Fixture("expected.json"), Token))!.AsObject();
        var lines = run.JsonLines.SkipLast(1).ToList();
        Assert.Equal(expected.Select(tensor => tensor.Key), lines.Select(line => (string)line["name"]!));
        Assert.All(lines, line =>
        {
            var tensor = expected[(string)line["name"]!]!;
            Assert.Equal((string?)tensor["dtype"], (string?)line["dtype"]);
            Assert.True(JsonNode.DeepEquals(tensor["shape"], line["shape"]));
        });
        Assert.Equal(expected.Count, (int)run.LastLine["tensors"]!);
        Assert.Equal(prefix, (string?)run.LastLine["prefix"]);
        Assert.Equal(prefix == "Scale." ? 1 : 0, run.LastLine["left_out"]!.AsArray().Count);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("hostile_zip.pth", "'posix.system'")]
    [InlineData("hostile_legacy.pth", "'posix.system'")]
    [InlineData("truncated_zip.pth", "truncated")]
    [InlineData("truncated_legacy.pth", "truncated")]
    [InlineData("absent.pth", "there is no file")]
    public async Task A_file_that_cannot_be_imported_ends_in_one_line_that_says_why(string file, string part)
    {
        var run = await CliRun.Of("import", Fixture(file));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists("/tmp/pth_was_executed"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Tensors_that_do_not_fit_the_architecture_are_named_all_at_once()
    {
        using var folder = new TempFolder();
        var run = await CliRun.Of("import", Fixture("zip.pth"), "--architecture", "compact", "--classes", "19", "--out", folder["a.safetensors"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("conv1.weight is [4, 3, 3, 3] instead of [32, 3, 5, 5]", run.Error, StringComparison.Ordinal);
        Assert.Contains("missing norm1.weight", run.Error, StringComparison.Ordinal);
        Assert.Contains("unexpected bn1.weight", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_network_is_imported_with_what_the_services_must_know_of_it_and_exported_in_its_order()
    {
        using var folder = new TempFolder();
        await WriteCompactAsync(folder["network.pth"], classes: 5);
        await File.WriteAllTextAsync(folder["classes.json"], """{"names": ["a", "b", "c", "d", "e"], "rare": [4]}""", Token);

        var import = await CliRun.Of(
            "import", folder["network.pth"], "--architecture", "compact", "--classes", folder["classes.json"],
            "--width", "320", "--height", "160", "--out", folder["network.safetensors"]);
        var export = await CliRun.Of("export", folder["network.safetensors"], "--format", "pth", "--out", folder["back.pth"], "--json");

        Assert.Equal((0, 0), (import.ExitCode, export.ExitCode));
        await using (var stream = File.OpenRead(folder["network.safetensors"]))
        {
            var metadata = (await SafetensorsReader.OpenAsync(stream, Token)).Metadata;
            Assert.Equal("intrada.network/1", metadata["format"]);
            Assert.Equal("compact", metadata["architecture"]);
            Assert.Equal("""["a","b","c","d","e"]""", metadata["class_names"]);
            Assert.Equal("[4]", metadata["rare_train_ids"]);
            Assert.Equal(30, metadata["palette"].Length);
            Assert.Equal(("320", "160"), (metadata["input_width"], metadata["input_height"]));
        }

        Assert.Equal(await File.ReadAllBytesAsync(folder["network.pth"], Token), await File.ReadAllBytesAsync(folder["back.pth"], Token));
        Assert.Equal("pth", (string?)export.LastLine["format"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task Initial_weights_lose_the_classifier_of_their_own()
    {
        using var folder = new TempFolder();
        var run = await CliRun.Of("import", Fixture("imagenet_prefixed_legacy.pth"), "--out", folder["initial.safetensors"], "--json");
        Assert.Equal(0, run.ExitCode);
        await using var stream = File.OpenRead(folder["initial.safetensors"]);
        Assert.DoesNotContain(
            (await SafetensorsReader.OpenAsync(stream, Token)).Tensors, tensor => tensor.Name.Contains("layer5", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_network_of_a_workflow_is_fetched_and_exported()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();
        var weights = new MemoryStream();
        await SafetensorsWriter.WriteAsync(weights, [new("w", SafetensorsDataType.F32, [1], new byte[] { 0, 0, 128, 63 })], null, Token);
        server.Gateway.Workflow.Stages.Add(new Stage
        {
            Kind = StageKind.Intra,
            State = WorkflowState.Succeeded,
            Outputs = { ["weights"] = server.Gateway.Put("weights/intra", weights.ToArray(), SafetensorsReader.MediaType) },
        });

        var run = await CliRun.Of(
            "export", "--workflow", "wf-1", "--stage", "intra", "--out", folder["intra.pth"], "--json", "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal([folder["intra.pth"]], Directory.EnumerateFiles(folder.Path));
        await using var stream = File.OpenRead(folder["intra.pth"]);
        Assert.Equal("w", Assert.Single(PyTorchReader.Open(stream).Tensors).Name);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("import")]
    [InlineData("import", "a.pth", "--list", "--classes", "19")]
    [InlineData("import", "a.pth", "--architecture", "other")]
    [InlineData("export", "--out", "a.pth")]
    [InlineData("export", "a.pth", "--workflow", "wf-1", "--out", "b.pth")]
    [InlineData("export", "a.pth", "--out", "b")]
    [InlineData("export", "a.pth", "--stage", "intra", "--out", "b.pth")]
    public async Task A_command_line_that_does_not_say_what_is_wanted_is_refused(params string[] arguments) =>
        Assert.Equal(2, (await CliRun.Of(arguments)).ExitCode);

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private static async Task WriteCompactAsync(string path, int classes)
    {
        await using var stream = File.Create(path);
        var tensors = PublishedLayout.Of("compact", classes).Select((tensor, i) => new SafetensorsEntry(
            tensor.Name, tensor.DataType, tensor.Shape, Bytes(tensor.Shape.Aggregate(4L, (product, size) => product * size), i)));
        await PyTorchWriter.WriteAsync(stream, tensors, Token);
    }

    private static byte[] Bytes(long length, int seed)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)seed);
        return bytes;
    }
}

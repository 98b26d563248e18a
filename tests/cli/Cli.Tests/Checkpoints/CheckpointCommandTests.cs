using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Composition;
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
    [InlineData(".", "is a folder; name the file")]
    public async Task A_file_that_cannot_be_imported_ends_in_one_line_that_says_why(string file, string part)
    {
        var run = await CliRun.Of("import", Fixture(file));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists("/tmp/pth_was_executed"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_pipe_is_named_and_a_file_is_not_replaced_by_what_is_made_of_it()
    {
        using var folder = new TempFolder();
        using (var process = Process.Start("mkfifo", folder["pipe"]))
        {
            await process.WaitForExitAsync(Token);
        }

        var run = CliRun.Of("import", folder["pipe"]);
        await using (var writer = await Task.Run(() => new FileStream(folder["pipe"], FileMode.Open, FileAccess.Write), Token))
        {
            Assert.Contains("is a pipe", (await run).Error, StringComparison.Ordinal);
        }

        File.Copy(Fixture("zip.pth"), folder["a.pth"]);
        var before = await File.ReadAllBytesAsync(folder["a.pth"], Token);
        var same = await CliRun.Of("import", folder["a.pth"], "--out", folder["./a.pth"]);
        Assert.Equal(ExitCodes.Failure, same.ExitCode);
        Assert.Contains("would be replaced", same.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["a.pth"], Token));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_safetensors_file_whose_header_begins_like_a_pickle_is_read()
    {
        using var folder = new TempFolder();
        var header = Encoding.ASCII.GetBytes("""{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""".PadRight(384));
        await File.WriteAllBytesAsync(folder["a.safetensors"], [.. BitConverter.GetBytes((long)header.Length), .. header, 7], Token);

        var run = await CliRun.Of("import", folder["a.safetensors"], "--list", "--json");

        Assert.True(run.ExitCode == ExitCodes.Success, run.Error);
        Assert.Equal(1, (int)run.LastLine["tensors"]!);
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

    [Fact(Timeout = Timeout)]
    public async Task A_checkpoint_in_a_file_is_sent_to_the_store_and_used_from_there()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();
        await WriteCompactAsync(folder["network.pth"], classes: 5);
        string[] describe = ["--architecture", "compact", "--width", "320", "--height", "160"];
        await CliRun.Of(["import", folder["network.pth"], .. describe, "--out", folder["network.safetensors"]]);

        var import = await CliRun.Of(["import", folder["network.pth"], .. describe, "--store", "--json", "--gateway", server.Address]);
        var evaluate = await CliRun.Of(
            "evaluate", "--checkpoint", folder["network.safetensors"], "--dataset", "a", "--json", "--gateway", server.Address);
        var key = await CliRun.Of("evaluate", "--checkpoint", "no/such/file", "--dataset", "a", "--json", "--gateway", server.Address);

        Assert.All([import, evaluate, key], run => Assert.True(run.ExitCode == 0, run.Error));
        var models = server.Gateway.Models.ToList();
        var stored = (string)import.LastLine["stored"]!;
        Assert.Equal((stored, "no/such/file"), (models[0].Checkpoint.Key, models[1].Checkpoint.Key));
        Assert.Equal(await File.ReadAllBytesAsync(folder["network.safetensors"], Token), server.Gateway.Store[stored]);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_checkpoint_in_a_file_that_cannot_be_used_is_refused_with_what_it_lacks()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();
        await WriteCompactAsync(folder["network.pth"], classes: 5);
        await WriteCompactAsync(folder["initial.pth"], classes: 5, name => !PublishedLayout.IsHead(name));
        foreach (var (file, part) in new[]
                 {
                     (folder["network.pth"], "does not say the input size of its compact network: import it with --width and --height"),
                     (folder["initial.pth"], "has no main classifier (layer6), so it cannot segment"),
                     (Fixture("zip.pth"), "missing norm1.weight"),
                     (Fixture("hostile_zip.pth"), "'posix.system'"),
                 })
        {
            var run = await CliRun.Of("evaluate", "--checkpoint", file, "--dataset", "a", "--json", "--gateway", server.Address);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(server.Gateway.Store);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_network_that_lost_its_main_classifier_becomes_initial_weights_only_where_that_is_said()
    {
        using var folder = new TempFolder();
        await WriteCompactAsync(folder["half.pth"], classes: 5, name => !PublishedLayout.IsMainHead(name));
        await WriteCompactAsync(folder["none.pth"], classes: 5, name => !PublishedLayout.IsHead(name));
        string[] import = ["import", folder["half.pth"], "--architecture", "compact", "--out", folder["a.safetensors"]];

        var refused = await CliRun.Of(import);
        Assert.Equal(1, refused.ExitCode);
        Assert.All(
            Enumerable.Range(0, 4).SelectMany(i => new[] { $"missing layer6.conv2d_list.{i}.weight", $"missing layer6.conv2d_list.{i}.bias" }),
            missing => Assert.Contains(missing, refused.Error, StringComparison.Ordinal));
        Assert.False(File.Exists(folder["a.safetensors"]));

        var said = await CliRun.Of([.. import, "--initial", "--json"]);
        Assert.True(said.ExitCode == 0, said.Error);
        Assert.True((bool)said.LastLine["initial"]!);
        Assert.Equal(8, said.LastLine["left_out"]!.AsArray().Count);

        var none = await CliRun.Of("import", folder["none.pth"], "--architecture", "compact");
        Assert.Equal(0, none.ExitCode);
        Assert.Contains("no main classifier (layer6): these are weights to start from", none.Out + none.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Odd_and_missing_tensors_of_the_classifiers_are_all_named_without_being_told_the_classes()
    {
        using var folder = new TempFolder();
        await WriteCompactAsync(
            folder["odd.pth"],
            classes: 5,
            name => name != "layer5.conv2d_list.2.weight",
            (name, shape) => name is "layer6.conv2d_list.0.bias" ? [7] : shape);

        var run = await CliRun.Of("import", folder["odd.pth"], "--architecture", "compact");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("with 5 classes", run.Error, StringComparison.Ordinal);
        Assert.Contains("layer6.conv2d_list.0.bias is [7] instead of [5]", run.Error, StringComparison.Ordinal);
        Assert.Contains("missing layer5.conv2d_list.2.weight", run.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_export_without_a_name_is_named_after_what_it_is_of()
    {
        using var folder = new TempFolder();
        await WriteCompactAsync(folder["network.pth"], classes: 5);
        var before = Directory.GetCurrentDirectory();
        var elsewhere = $"network-{Guid.NewGuid():n}";
        File.Move(folder["network.pth"], folder[elsewhere + ".pth"]);
        try
        {
            var run = await CliRun.Of("export", folder[elsewhere + ".pth"], "--json");
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.Equal(Path.Combine(before, elsewhere + ".safetensors"), (string)run.LastLine["out"]!);
            Assert.True(File.Exists(elsewhere + ".safetensors"));
        }
        finally
        {
            File.Delete(elsewhere + ".safetensors");
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData("import")]
    [InlineData("import", "a.pth", "--list", "--classes", "19")]
    [InlineData("import", "a.pth", "--architecture", "other")]
    [InlineData("export", "--out", "a.pth")]
    [InlineData("export", "a.pth", "--workflow", "wf-1", "--out", "b.pth")]
    [InlineData("export", "a.pth", "--out", "b")]
    [InlineData("export", "a.pth", "--stage", "intra", "--out", "b.pth")]
    [InlineData("export", "a.pth", "--what", "pseudo-labels", "--out", "b")]
    [InlineData("export", "--workflow", "wf-1", "--what", "pseudo-labels", "--format", "pth")]
    [InlineData("import", "a.pth", "--initial")]
    public async Task A_command_line_that_does_not_say_what_is_wanted_is_refused(params string[] arguments) =>
        Assert.Equal(2, (await CliRun.Of(arguments)).ExitCode);

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private static async Task WriteCompactAsync(
        string path,
        int classes,
        Predicate<string>? kept = null,
        Func<string, IReadOnlyList<long>, IReadOnlyList<long>>? reshape = null)
    {
        await using var stream = File.Create(path);
        var tensors = PublishedLayout.Of("compact", classes)
            .Where(tensor => kept?.Invoke(tensor.Name) != false)
            .Select(tensor => tensor with { Shape = reshape?.Invoke(tensor.Name, tensor.Shape) ?? tensor.Shape })
            .Select((tensor, i) => new SafetensorsEntry(
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

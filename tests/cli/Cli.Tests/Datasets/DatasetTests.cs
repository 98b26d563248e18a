using System.Text.Json.Nodes;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Synthetic;
using IntraDA.Cli.Tests.Fakes;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;
using IntraDA.Data.Synthetic;

namespace IntraDA.Cli.Tests.Datasets;

public sealed class DatasetTests
{
    private static readonly StreetOptions Tiny = new() { Width = 32, Height = 24, Seed = 3, HardShare = 1 };

    [Fact]
    public async Task A_synthetic_folder_is_what_the_plain_layout_reads_with_the_hidden_difficulty()
    {
        using var folder = new TempFolder();
        await new SyntheticDatasetWriter(Tiny).WriteAsync(
            new SyntheticSet(folder["set"], StreetDomain.Camera, 7, 3), () => { }, TestContext.Current.CancellationToken);

        var manifest = await DatasetScanner.ScanAsync(
            new LayoutRequest { Path = folder["set"], Layout = "plain" }, null, TestContext.Current.CancellationToken);

        Assert.Equal(StreetClasses.Names, manifest.Classes.Names);
        Assert.Equal(["0000007", "0000008", "0000009"], manifest.Items.Select(item => item.Id));
        Assert.All(manifest.Items, item =>
        {
            Assert.NotNull(item.Label);
            Assert.Equal("true", item.Attributes["hard"]);
            Assert.Contains(item.Attributes["condition"], (string[])["fog", "night", "rain", "noise"]);
        });
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_left_alone()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["thesis.tex"], "years of work");

        var refused = await Assert.ThrowsAsync<CliException>(() => new SyntheticDatasetWriter(Tiny).WriteAsync(
            new SyntheticSet(folder.Path, StreetDomain.Game, 0, 1), () => { }, TestContext.Current.CancellationToken));

        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["thesis.tex"]));
    }

    [Fact]
    public async Task A_pushed_folder_is_a_manifest_of_keys_whose_files_are_in_the_store()
    {
        await using var server = await GatewayFixture.StartAsync();
        using var folder = new TempFolder();
        await new SyntheticDatasetWriter(Tiny).WriteAsync(
            new SyntheticSet(folder["set"], StreetDomain.Game, 0, 2), () => { }, TestContext.Current.CancellationToken);

        var run = await CliRun.Of("data", "push", folder["set"], "--layout", "plain", "--name", "tiny", "--json", "--gateway", server.Address);

        Assert.Equal(0, run.ExitCode);
        var request = server.Gateway.Datasets["tiny"];
        Assert.Equal(RegisterDatasetRequest.OriginOneofCase.Manifest, request.OriginCase);
        var manifest = DatasetManifestJson.Parse(server.Gateway.Store[request.Manifest.Key], "tiny");
        Assert.Null(manifest.Root);
        Assert.All(manifest.Items, item =>
        {
            Assert.Equal(item.Image.SizeBytes, server.Gateway.Store[item.Image.Path].Length);
            Assert.Equal(item.Label!.SizeBytes, server.Gateway.Store[item.Label.Path].Length);
        });
    }

    [Fact]
    public void Names_are_valid_stable_and_different_for_different_uses()
    {
        var place = new DatasetPlace("/data/My Photos (2024)", "plain", null, "", "", IgnoreLabels: false);

        var source = DatasetNames.For(place, "source");

        Assert.Matches("^[a-z0-9._-]{1,64}$", source);
        Assert.StartsWith("my-photos--2024-source-", source, StringComparison.Ordinal);
        Assert.Equal(source, DatasetNames.For(place, "source"));
        Assert.NotEqual(source[^8..], DatasetNames.For(place with { List = "val.txt" }, "source")[^8..]);
    }

    [Fact]
    public void A_list_is_found_in_the_folder_and_one_outside_is_refused()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["set"]);
        File.WriteAllText(folder["set/val.txt"], "a\n");
        File.WriteAllText(folder["other.txt"], "a\n");
        var place = new DatasetPlace(folder["set"], "plain", "val.txt", "", "", IgnoreLabels: false);

        Assert.Equal("val.txt", place.Resolve("--source").List);
        Assert.Equal("val.txt", (place with { List = folder["set/val.txt"] }).Resolve("--source").List);
        Assert.Contains("lies outside", Assert.Throws<CliException>(() => (place with { List = folder["other.txt"] }).Resolve("--source")).Message, StringComparison.Ordinal);
        Assert.Contains("is not there", Assert.Throws<CliException>(() => (place with { Directory = folder["gone"] }).Resolve("--source")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machines_get_the_registered_sets_in_one_object()
    {
        await using var server = await GatewayFixture.StartAsync();
        server.Gateway.Datasets["b"] = new RegisterDatasetRequest();
        server.Gateway.Datasets["a"] = new RegisterDatasetRequest();

        var run = await CliRun.Of("data", "list", "--json", "--gateway", server.Address);

        Assert.Equal(["a", "b"], run.LastLine["datasets"]!.AsArray().Select((JsonNode? set) => (string)set!["dataset"]!));
    }
}

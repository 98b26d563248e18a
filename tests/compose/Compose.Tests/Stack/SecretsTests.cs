using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Compose.Tests.Stack;

/// <summary>What deploy/compose/secrets.sh makes, and what the launcher reads of it.</summary>
public sealed class SecretsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("only the tag", "case \"$3\" in *@*) exit 1 ;; esac", true)]
    [InlineData("the pinned bytes", "exit 0", false)]
    [InlineData("neither", "exit 1", false)]
    public async Task Compose_secrets_name_the_stores_image_by_its_tag_where_only_that_is_at_hand(string has, string docker, bool isNamed)
    {
        await WriteProgramAsync("docker", docker);
        await MakeSecretsAsync();
        await MakeSecretsAsync();

        var named = (await File.ReadAllLinesAsync(_folder[".env"], TestContext.Current.CancellationToken))
            .Where(line => line.StartsWith("INTRADA_STORE_IMAGE=", StringComparison.Ordinal)).ToList();

        Assert.True(named.Count == (isNamed ? 1 : 0), $"An engine that has {has}: {string.Join(", ", named)}");
        Assert.All(named, line => Assert.Equal($"INTRADA_STORE_IMAGE={DockerEngine.StoreImage}", line));
    }

    [Theory]
    [InlineData("", "", "workflows list", false)]
    [InlineData("", "", "--gateway http://127.0.0.1:7410 workflows list", true)]
    [InlineData("", "", "workflows list --gateway=localhost:7410", true)]
    [InlineData("http://127.0.0.1:7410", "", "workflows list", true)]
    [InlineData("http://127.0.0.1:7410", "", "--gateway https://127.0.0.1.example:7410 workflows list", false)]
    [InlineData("", "intrada_another", "--gateway http://127.0.0.1:7410 workflows list", false)]
    public async Task Compose_key_is_read_by_the_launcher_for_gateways_of_this_machine_alone(string gateway, string key, string command, bool isRead)
    {
        await WriteProgramAsync("docker", "exit 1");
        await MakeSecretsAsync();
        var made = (await File.ReadAllLinesAsync(_folder[".env"], TestContext.Current.CancellationToken))
            .Single(line => line.StartsWith("INTRADA_API_KEY=", StringComparison.Ordinal))["INTRADA_API_KEY=".Length..];
        var launcher = Path.Combine(Places.Root, "eng", "launcher.sh");
        var environment = new Dictionary<string, string?> { ["ROOT"] = _folder.Path, ["INTRADA_GATEWAY"] = gateway, ["INTRADA_API_KEY"] = key };

        var run = (await ProgramRun.OfAsync(
            "/bin/bash", ["-euc", $". '{launcher}'; read_key {command}; printf %s \"${{INTRADA_API_KEY:-}}\""], environment, Limit)).Succeeded();

        Assert.Equal(isRead ? made : key, run.Out);
    }

    public void Dispose() => _folder.Dispose();

    private async Task WriteProgramAsync(string name, string body)
    {
        Directory.CreateDirectory(_folder["bin"]);
        await File.WriteAllTextAsync(_folder["bin", name], $"#!/bin/sh\n{body}\n", TestContext.Current.CancellationToken);
        (await ProgramRun.OfAsync("chmod", ["+x", _folder["bin", name]], new Dictionary<string, string?>(), Limit)).Succeeded();
    }

    private async Task MakeSecretsAsync() => (await ProgramRun.OfAsync(
        "/bin/bash",
        [Path.Combine(Places.Root, "deploy", "compose", "secrets.sh")],
        new Dictionary<string, string?>
        {
            ["INTRADA_ENV_FILE"] = _folder[".env"],
            ["INTRADA_SECRETS"] = _folder["secrets"],
            ["INTRADA_STORE_IMAGE"] = null,
            ["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}",
        },
        Limit)).Succeeded();
}

using System.Globalization;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Compose.Tests.Stack;

/// <summary>The stack of docker-compose.yml, built from this checkout, with names, ports and secrets of its own.</summary>
public sealed class ComposedServices : IAsyncLifetime
{
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(15);

    private readonly TempFolder _folder = new();
    private readonly string _project = $"intrada-test-{Guid.NewGuid():n}"[..21];
    private readonly Dictionary<string, string?> _environment;
    private GrpcChannel? _channel;
    private bool _isUp;

    public ComposedServices() => _environment = new Dictionary<string, string?>
    {
        ["DOCKER_BUILDKIT"] = "1",
        ["INTRADA_ENV_FILE"] = _folder[".env"],
        ["INTRADA_SECRETS"] = _folder["secrets"],
        ["INTRADA_STORE_IMAGE"] = DockerEngine.StoreImage,
        ["INTRADA_GATEWAY_PORT"] = Text(Places.FreePort()),
        ["INTRADA_WEB_PORT"] = Text(Places.FreePort()),
        ["INTRADA_SEGMENTER_PORT"] = Text(Places.FreePort()),
        ["INTRADA_GATEWAY_IMAGE"] = "intrada-gateway:test",
        ["INTRADA_SEGMENTER_IMAGE"] = "intrada-segmenter:test",
        ["INTRADA_RANKER_IMAGE"] = "intrada-ranker:test",
        ["INTRADA_TRAINER_IMAGE"] = "intrada-trainer:test",
    };

    /// <summary>Why there is no stack; null where there is one.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>What was started.</summary>
    internal string Started { get; private set; } = "";

    internal string GatewayAddress => $"http://127.0.0.1:{_environment["INTRADA_GATEWAY_PORT"]}";

    internal string SegmenterAddress => $"http://127.0.0.1:{_environment["INTRADA_SEGMENTER_PORT"]}";

    /// <summary>The file that holds the API key.</summary>
    internal string KeyFile => _folder["key"];

    internal GatewayClient Gateway { get; private set; } = null!;

    /// <summary>The client as users have it; it needs the key file as an option.</summary>
    internal Cli Cli => new(_folder["home"], GatewayAddress);

    internal string this[params string[] parts] => _folder[parts];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Unavailable = await DockerEngine.FindAsync();
        if (Unavailable is not null)
        {
            return;
        }

        Directory.CreateDirectory(_folder["secrets"]);
        (await ProgramRun.OfAsync("/bin/bash", [Path.Combine(Places.Root, "deploy", "compose", "secrets.sh")], _environment, UpLimit)).Succeeded();
        var key = (await File.ReadAllLinesAsync(_folder[".env"])).Single(line => line.StartsWith("INTRADA_API_KEY=", StringComparison.Ordinal));
        await File.WriteAllTextAsync(KeyFile, key[(key.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        await TinyStreets.WriteAsync(new Cli(_folder["home"], gateway: null), _folder["streets"]);
        _isUp = true;
        (await ComposeAsync("build")).Succeeded();
        var up = await ComposeAsync("up", "--detach", "--wait");
        Started = (await ComposeAsync("ps", "--all")).Out;
        Assert.True(up.ExitCode == 0, $"{up.Error}\n{Started}\n{(await ComposeAsync("logs", "--tail", "30")).Out}");
        _channel = GrpcChannel.ForAddress(GatewayAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var bearer = $"Bearer {await File.ReadAllTextAsync(KeyFile)}";
        Gateway = new GatewayClient(new GatewayService.GatewayServiceClient(_channel.Intercept(headers =>
        {
            headers.Add("authorization", bearer);
            return headers;
        })));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_isUp)
        {
            await ComposeAsync("down", "--volumes", "--timeout", "10");
        }

        _folder.Dispose();
    }

    /// <summary>Builds the trainer's image as another version.</summary>
    internal async Task<string> BuildTrainerAsync(string version)
    {
        var image = $"intrada-trainer:test-{version}";
        (await ProgramRun.OfAsync(
            "docker",
            ["build", "-f", "deploy/docker/trainer.Dockerfile", "--build-arg", $"TRAINER_VERSION={version}", "-t", image, "."],
            _environment,
            UpLimit,
            Places.Root)).Succeeded();
        return image;
    }

    /// <summary>Replaces the trainer's container by one of another image.</summary>
    internal async Task ReplaceTrainerAsync(string image)
    {
        _environment["INTRADA_TRAINER_IMAGE"] = image;
        (await ComposeAsync("up", "--detach", "--no-deps", "--no-build", "trainer")).Succeeded();
    }

    /// <summary>What the services have logged.</summary>
    internal async Task<string> LogsAsync(string service) => (await ComposeAsync("logs", "--no-log-prefix", service)).Out;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private Task<ProgramRun> ComposeAsync(params string[] command) => ProgramRun.OfAsync(
        "docker",
        ["compose", "--project-name", _project, "--env-file", _folder[".env"], "--file", Path.Combine(Places.Root, "docker-compose.yml"), .. command],
        _environment,
        UpLimit,
        Places.Root);
}

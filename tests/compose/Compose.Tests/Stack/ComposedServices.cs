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
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly string _project = $"intrada-test-{Guid.NewGuid():n}"[..21];
    private readonly Dictionary<string, string?> _environment;
    private readonly List<string> _images = [];
    private DockerEngine? _engine;
    private GrpcChannel? _channel;
    private bool _isUp;

    public ComposedServices()
    {
        _environment = new Dictionary<string, string?>
        {
            ["DOCKER_BUILDKIT"] = "1",
            ["INTRADA_ENV_FILE"] = _folder[".env"],
            ["INTRADA_SECRETS"] = _folder["secrets"],
            ["INTRADA_STORE_IMAGE"] = DockerEngine.StoreImage,
            ["INTRADA_GATEWAY_PORT"] = Text(Places.FreePort()),
            ["INTRADA_WEB_PORT"] = Text(Places.FreePort()),
            ["INTRADA_SEGMENTER_PORT"] = Text(Places.FreePort()),
        };
        foreach (var service in new[] { "gateway", "segmenter", "ranker", "trainer", "minent-trainer" })
        {
            _environment[$"INTRADA_{service.ToUpperInvariant().Replace('-', '_')}_IMAGE"] = Image(service, "local");
        }
    }

    /// <summary>Why there is no stack; null where there is one.</summary>
    public string? Unavailable => _engine?.Unavailable;

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
        try
        {
            _engine = await DockerEngine.FindAsync();
            if (Unavailable is null)
            {
                await StartAsync();
            }
        }
        catch
        {
            // Nobody takes away what a fixture that failed has left.
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        _channel = null;
        try
        {
            if (_isUp)
            {
                _isUp = false;
                await CleanAsync([.. Compose, "down", "--volumes", "--timeout", "10"]);
                await CleanAsync(["image", "rm", "--force", .. _images]);
            }
        }
        finally
        {
            if (_engine is not null)
            {
                await _engine.StopAsync();
            }

            _folder.Dispose();
        }
    }

    /// <summary>Builds the trainer's image as another version.</summary>
    internal async Task<string> BuildTrainerAsync(string version)
    {
        var image = Image("trainer", version);
        (await ProgramRun.OfAsync(
            "docker",
            ["build", "-f", "deploy/docker/trainer.Dockerfile", "--build-arg", $"TRAINER_VERSION={version}", "-t", image, "."],
            _environment,
            BuildLimit,
            Places.Root)).Succeeded();
        return image;
    }

    /// <summary>Replaces the trainer's container by one of another image.</summary>
    internal async Task ReplaceTrainerAsync(string image)
    {
        _environment["INTRADA_TRAINER_IMAGE"] = image;
        (await ComposeAsync(UpLimit, "up", "--detach", "--no-deps", "--no-build", "trainer")).Succeeded();
    }

    /// <summary>What the services have logged.</summary>
    internal async Task<string> LogsAsync(string service) => (await ComposeAsync(UpLimit, "logs", "--no-log-prefix", service)).Out;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private string Image(string service, string version)
    {
        var image = $"{_project}-{service}:{version}";
        _images.Add(image);
        return image;
    }

    private async Task StartAsync()
    {
        Directory.CreateDirectory(_folder["secrets"]);
        (await ProgramRun.OfAsync("/bin/bash", [Path.Combine(Places.Root, "deploy", "compose", "secrets.sh")], _environment, UpLimit)).Succeeded();
        var key = (await File.ReadAllLinesAsync(_folder[".env"])).Single(line => line.StartsWith("INTRADA_API_KEY=", StringComparison.Ordinal));
        await File.WriteAllTextAsync(KeyFile, key[(key.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        await TinyStreets.WriteAsync(new Cli(_folder["home"], gateway: null), _folder["streets"]);
        _isUp = true;
        (await ComposeAsync(BuildLimit, "build")).Succeeded();
        var up = await ComposeAsync(UpLimit, "up", "--detach", "--wait");
        var started = (await ComposeAsync(UpLimit, "ps", "--all", "--format", "{{.Service}} {{.Image}} {{.Status}}")).Out;
        Assert.True(up.ExitCode == 0, $"{up.Error}\n{started}\n{(await ComposeAsync(UpLimit, "logs", "--tail", "30")).Out}");
        foreach (var line in started.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Console.Out.WriteLine($"summary: container {line}");
        }

        _channel = GrpcChannel.ForAddress(GatewayAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var bearer = $"Bearer {await File.ReadAllTextAsync(KeyFile)}";
        Gateway = new GatewayClient(new GatewayService.GatewayServiceClient(_channel.Intercept(headers =>
        {
            headers.Add("authorization", bearer);
            return headers;
        })));
    }

    private IEnumerable<string> Compose =>
    [
        "compose", "--project-name", _project, "--env-file", _folder[".env"], "--file", Path.Combine(Places.Root, "docker-compose.yml"),
        "--file", Path.Combine(Places.Root, "deploy", "compose", "minent.yml"),
    ];

    private Task<ProgramRun> ComposeAsync(TimeSpan limit, params string[] command) =>
        ProgramRun.OfAsync("docker", [.. Compose, .. command], _environment, limit, Places.Root);

    // Also when the run was called off: its token would end the clearing up.
    private async Task CleanAsync(IEnumerable<string> command)
    {
        using var process = ProgramRun.Start("docker", command, _environment, Places.Root);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(UpLimit);
        await output;
        if (process.ExitCode != 0)
        {
            Console.Out.WriteLine($"summary: not cleared up: {(await error).Trim()}");
        }
    }
}

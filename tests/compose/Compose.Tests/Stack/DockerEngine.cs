using System.ComponentModel;
using System.Globalization;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Compose.Tests.Stack;

/// <summary>The Docker engine of this machine: one that answers, or one that is started for the tests and ended after them.</summary>
internal sealed class DockerEngine
{
    /// <summary>Name of the store's image where it need not be the pinned bytes: stand-ins have another digest.</summary>
    public const string StoreImage = "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z";

    private const string Wish = "INTRADA_TEST_COMPOSE";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    // The first start on a machine installs the engine and makes stand-ins for images that cannot be pulled.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly IReadOnlyDictionary<string, string?> Inherited = new Dictionary<string, string?>();

    private readonly bool _isOurs;

    private DockerEngine(string? unavailable, bool isOurs) => (Unavailable, _isOurs) = (unavailable, isOurs);

    /// <summary>Why there is none; null where there is one.</summary>
    public string? Unavailable { get; }

    private static bool IsAskedFor => Places.IsCi || Environment.GetEnvironmentVariable(Wish) == "1";

    private static string PidFile => Path.Combine(
        Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } folder ? folder : "/tmp", "dockerd.pid");

    /// <summary>Takes the engine that answers. Where none does, starts one if that is asked for and this machine has what it takes.</summary>
    public static async Task<DockerEngine> FindAsync()
    {
        if (Environment.GetEnvironmentVariable(Wish) == "0")
        {
            return new DockerEngine($"{Wish}=0 leaves it out", isOurs: false);
        }

        var why = await AskAsync();
        if (!IsAskedFor)
        {
            return new DockerEngine(why is null ? null : $"{why}; start one, or have the tests start it with {Wish}=1 or CI=true", isOurs: false);
        }

        var script = Path.Combine(Places.Shared ?? "", "tools", "start-docker.sh");
        if (!File.Exists(script) || !Environment.IsPrivilegedProcess)
        {
            var missing = File.Exists(script) ? "the tests do not run as root" : "../shared/tools/start-docker.sh is not there";
            return new DockerEngine(why is null ? null : $"{why}, and none can be started: {missing}", isOurs: false);
        }

        // Does only what is missing: where an engine answers, the stand-ins that it lacks.
        Console.Out.WriteLine($"summary: {(why is null ? "a Docker engine answers; looking after its images" : "starting a Docker engine, which takes minutes the first time")}");
        var start = await ProgramRun.OfAsync("/bin/bash", [script], Inherited, StartLimit);
        var engine = new DockerEngine(start.ExitCode == 0 ? await AskAsync() : $"the Docker engine did not start: {start.Error.Trim()}", isOurs: why is not null);
        if (engine.Unavailable is not null)
        {
            await engine.StopAsync();
        }

        return engine;
    }

    /// <summary>Ends the engine if it was started here.</summary>
    public async Task StopAsync()
    {
        if (!_isOurs || !File.Exists(PidFile))
        {
            return;
        }

        var id = (await File.ReadAllTextAsync(PidFile, CancellationToken.None)).Trim();
        var name = $"/proc/{id}/comm";
        // The number may belong to somebody else by now.
        if (int.TryParse(id, CultureInfo.InvariantCulture, out _) && File.Exists(name)
            && (await File.ReadAllTextAsync(name, CancellationToken.None)).Trim() == "dockerd")
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", id]);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopLimit);
            Console.Out.WriteLine("summary: the Docker engine that was started for the tests has ended");
        }
    }

    private static async Task<string?> AskAsync()
    {
        try
        {
            var engine = await ProgramRun.OfAsync("docker", ["info", "--format", "{{.ServerVersion}}"], Inherited, AnswerLimit);
            if (engine.ExitCode != 0)
            {
                return $"no Docker engine answers ({engine.Error.Trim()})";
            }

            var compose = await ProgramRun.OfAsync("docker", ["compose", "version"], Inherited, AnswerLimit);
            return compose.ExitCode == 0 ? null : $"docker compose does not work ({compose.Error.Trim()})";
        }
        catch (Win32Exception)
        {
            return "docker is not installed";
        }
    }
}

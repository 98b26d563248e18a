using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Compose.Tests.Stack;

/// <summary>The Docker engine of this machine, started where a script for that lies beside the repository.</summary>
internal static class DockerEngine
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    // The first start on a machine installs the engine and makes stand-ins for images that cannot be pulled.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(15);

    /// <summary>Name of the store's image where it need not be the pinned bytes: stand-ins have another digest.</summary>
    public const string StoreImage = "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z";

    /// <summary>Sees to it that an engine answers.</summary>
    /// <returns>Why there is none; null where there is.</returns>
    public static async Task<string?> FindAsync()
    {
        // Building four images takes ten minutes and more where cores are few, so it is asked for.
        if (Environment.GetEnvironmentVariable("INTRADA_TEST_COMPOSE") != "1")
        {
            return "the images take minutes to build; INTRADA_TEST_COMPOSE=1 in the environment runs this test";
        }

        if (Places.Shared is { } shared && File.Exists(Path.Combine(shared, "tools", "start-docker.sh")))
        {
            // Does only what is missing: the stand-ins too, where an engine runs already.
            var start = await ProgramRun.OfAsync(
                "/bin/bash", [Path.Combine(shared, "tools", "start-docker.sh")], new Dictionary<string, string?>(), StartLimit);
            if (start.ExitCode != 0)
            {
                return $"the Docker engine did not start: {start.Error.Trim()}";
            }
        }

        try
        {
            var info = await ProgramRun.OfAsync("docker", ["compose", "version"], new Dictionary<string, string?>(), AnswerLimit);
            var engine = await ProgramRun.OfAsync("docker", ["info", "--format", "{{.ServerVersion}}"], new Dictionary<string, string?>(), AnswerLimit);
            return info.ExitCode != 0 ? $"docker compose does not work: {info.Error.Trim()}"
                : engine.ExitCode != 0 ? $"no Docker engine answers: {engine.Error.Trim()}"
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "docker is not installed, and ../shared/tools/start-docker.sh, which would install it, is not beside the repository";
        }
    }
}

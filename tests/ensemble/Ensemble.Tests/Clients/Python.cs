using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Ensemble.Tests.Clients;

/// <summary>The system's Python with grpcio; <see cref="Unavailable"/> says why where there is none.</summary>
public sealed class Python : IAsyncLifetime
{
    private const string Program = "/usr/bin/python3";
    private const string Imports = "import grpc, grpc_tools";
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(2);

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Unavailable { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (await CanImportAsync())
        {
            return;
        }

        Unavailable = $"{Program} cannot import grpc and grpc_tools; install them with: apt-get install python3-grpcio python3-grpc-tools";
        if (!Places.IsCi)
        {
            return;
        }

        if (Environment.UserName != "root" || !File.Exists("/usr/bin/apt-get"))
        {
            // Skipped in CI, the client would be tested by nobody.
            throw new InvalidOperationException(Unavailable);
        }

        var output = await AptAsync("install");
        if (output.ExitCode != 0)
        {
            // The lists of a fresh image are empty, or older than its mirror.
            await AptAsync("update");
            output = await AptAsync("install");
        }

        Unavailable = await CanImportAsync()
            ? null
            : throw new InvalidOperationException($"{Unavailable} (apt-get ended with {output.ExitCode}: {output.Error})");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs a script.</summary>
    internal static Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.OfAsync(Program, arguments, new Dictionary<string, string?> { ["PYTHONDONTWRITEBYTECODE"] = "1" }, RunLimit);

    private static async Task<bool> CanImportAsync() =>
        File.Exists(Program) && (await RunAsync("-c", Imports)).ExitCode == 0;

    private static Task<ProgramRun> AptAsync(string command) => ProgramRun.OfAsync(
        "/usr/bin/apt-get",
        // Other tests of the same run may be installing something, too.
        command == "install"
            ? ["-o", "DPkg::Lock::Timeout=120", "install", "-y", "-qq", "--no-install-recommends", "python3-grpcio", "python3-grpc-tools"]
            : ["-o", "DPkg::Lock::Timeout=120", "update", "-qq"],
        new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" },
        InstallLimit);
}

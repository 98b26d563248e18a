using System.Globalization;
using IntraDA.Artifacts.Store;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Ensemble.Tests.Stores;

/// <summary>A real S3 server on a port of its own; <see cref="Unavailable"/> says why where there is none.</summary>
public sealed class S3Server : IAsyncLifetime
{
    /// <summary>What services must tell nobody.</summary>
    internal const string SecretKey = "a-secret-of-the-tests";

    private const string AccessKey = "intrada-ensemble";
    // The first start on a machine installs the server's packages.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly int _port = Places.FreePort();
    private string? _tools;

    /// <summary>Why no server runs; null where one does.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>The port it listens on.</summary>
    internal int Port => _port;

    /// <summary>Id of the process that answers.</summary>
    internal int ProcessId => int.Parse(File.ReadAllText(_folder["server", "radosgw.pid"]), CultureInfo.InvariantCulture);

    /// <summary>Options that make services keep their artefacts there.</summary>
    internal string[] ServiceArguments(string bucket) => ServiceArguments(bucket, _port);

    /// <summary>The same by way of another port.</summary>
    internal static string[] ServiceArguments(string bucket, int port) =>
    [
        "--Store:Kind", "S3", "--Store:Endpoint", $"127.0.0.1:{port}", "--Store:Bucket", bucket, "--Store:AccessKey", AccessKey,
        "--Store:SecretKey", SecretKey,
    ];

    /// <summary>The same options for a look into the bucket.</summary>
    internal StoreOptions Options(string bucket) => Options(bucket, _port);

    /// <summary>The same by way of another port.</summary>
    internal static StoreOptions Options(string bucket, int port) => new()
    {
        Kind = StoreKind.S3,
        Endpoint = $"127.0.0.1:{port}",
        Bucket = bucket,
        AccessKey = AccessKey,
        SecretKey = SecretKey,
    };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var tools = Places.Shared is { } shared ? Path.Combine(shared, "tools") : null;
        if (tools is null || !File.Exists(Path.Combine(tools, "start-s3.sh")))
        {
            Unavailable = Places.SkipOrFail("No S3 server: the folder ../shared with tools/start-s3.sh is not beside the repository.");
            return;
        }

        _tools = tools;
        var start = await RunAsync("start-s3.sh");
        if (start.ExitCode != 0)
        {
            Unavailable = Places.SkipOrFail($"The S3 server did not start: {start.Error}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_tools is not null)
            {
                await RunAsync("stop-s3.sh");
            }
        }
        finally
        {
            // The server's script leaves a lock beside its folder.
            _folder.Dispose();
        }
    }

    private Task<ProgramRun> RunAsync(string script) => ProgramRun.OfAsync(
        "/bin/bash",
        [Path.Combine(_tools!, script)],
        new Dictionary<string, string?>
        {
            ["S3_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
            ["S3_DIR"] = _folder["server"],
            ["S3_ACCESS_KEY"] = AccessKey,
            ["S3_SECRET_KEY"] = SecretKey,
        },
        Limit);
}

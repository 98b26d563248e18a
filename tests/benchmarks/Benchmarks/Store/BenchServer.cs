using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IntraDA.Artifacts.Store;
using IntraDA.Benchmarks.Frame;

namespace IntraDA.Benchmarks.Store;

/// <summary>The S3 server of the bench: the one that the command line names, else one of its own for as long as it lasts.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string Bucket = "intrada-bench";
    private readonly string? _tools;
    private readonly Dictionary<string, string> _environment;

    private BenchServer(S3StoreOptions options, string? tools, Dictionary<string, string> environment)
    {
        Options = options;
        _tools = tools;
        _environment = environment;
    }

    /// <summary>How to reach it.</summary>
    public S3StoreOptions Options { get; }

    /// <summary>Finds or starts the server.</summary>
    /// <param name="endpoint">Its URL, with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; empty: one is started.</param>
    /// <param name="folder">For the server's files.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The server.</returns>
    /// <exception cref="BenchException">There is none.</exception>
    public static async Task<BenchServer> OpenAsync(string endpoint, string folder, CancellationToken cancellationToken)
    {
        if (endpoint.Length > 0)
        {
            var given = Options(endpoint, Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"));
            return given.Validate() is [] ? new BenchServer(given, tools: null, []) : throw new BenchException(string.Join(' ', given.Validate()));
        }

        var tools = FindTools() ?? throw new BenchException(
            "there is no S3 server to measure with; name one with --endpoint URL and its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        var port = FreePort();
        var environment = new Dictionary<string, string> { ["S3_PORT"] = $"{port}", ["S3_DIR"] = Path.Combine(folder, "s3") };
        var options = Options($"http://127.0.0.1:{port}", "minioadmin", "minioadmin");
        var server = new BenchServer(options, tools, environment);
        var error = await server.RunAsync("start-s3.sh", cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new BenchException($"the S3 server did not start: {error}");
        }

        return server;

        static S3StoreOptions Options(string url, string access, string secret) =>
            new() { Endpoint = url, Bucket = Bucket, AccessKey = access, SecretKey = secret, MaxRetries = 0 };

        static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_tools is not null)
        {
            await RunAsync("stop-s3.sh", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string? FindTools()
    {
        var named = Environment.GetEnvironmentVariable("INTRADA_SHARED");
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "global.json")))
        {
            root = root.Parent;
        }

        var shared = named ?? (root?.Parent is { } parent ? Path.Combine(parent.FullName, "shared") : "");
        var tools = Path.Combine(shared, "tools");
        return File.Exists(Path.Combine(tools, "start-s3.sh")) ? tools : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string?> RunAsync(string script, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_tools!, script)]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode == 0 ? null : error.Trim();
    }
}

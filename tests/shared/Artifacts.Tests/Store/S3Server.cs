using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

/// <summary>A real S3 server for the tests, on a port of its own; <see cref="Unavailable"/> says why where there is none.</summary>
public sealed class S3Server : IAsyncLifetime
{
    private const string AccessKey = "intrada-tests";
    private const string SecretKey = "a-secret-that-must-not-show";
    private string? _tools;

    /// <summary>Why no server runs; null where one does.</summary>
    public string? Unavailable { get; private set; }

    public int Port { get; private set; }

    /// <summary>Id of the process that answers.</summary>
    public int ProcessId => int.Parse(File.ReadAllText(Path.Combine(Folder, "radosgw.pid")), null);

    private string Folder => Path.Combine(Path.GetTempPath(), $"intrada-s3-{Port}");

    public S3StoreOptions Options() => new()
    {
        Endpoint = $"127.0.0.1:{Port}",
        Bucket = "intrada-tests",
        AccessKey = AccessKey,
        SecretKey = SecretKey,
    };

    public async ValueTask InitializeAsync()
    {
        _tools = SharedFolder.Find() is { } shared ? Path.Combine(shared, "tools") : null;
        if (_tools is null || !File.Exists(Path.Combine(_tools, "start-s3.sh")))
        {
            _tools = null;
            Unavailable = SharedFolder.SkipOrFail("No S3 server: the folder ../shared with tools/start-s3.sh is not beside the repository.");
            return;
        }

        Port = FreePort();
        var (code, output) = await RunAsync("start-s3.sh");
        if (code == 0)
        {
            return;
        }

        Unavailable = SharedFolder.SkipOrFail($"The S3 server did not start: {output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_tools is not null)
        {
            await RunAsync("stop-s3.sh");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<(int Code, string Output)> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_tools!, script)]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["S3_PORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["S3_DIR"] = Folder;
        start.Environment["S3_ACCESS_KEY"] = AccessKey;
        start.Environment["S3_SECRET_KEY"] = SecretKey;
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        await output;
        return (process.ExitCode, await error);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Hostile.Tests.World;

/// <summary>All four services in a child process with a working directory, a temporary and a home folder of their own.</summary>
internal sealed class HostileServices : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _messages;
    private readonly Task _reading;
    private readonly JsonObject _addresses;

    private HostileServices(Process process, StringBuilder messages, Task reading, JsonObject addresses) =>
        (_process, _messages, _reading, _addresses) = (process, messages, reading, addresses);

    public bool IsAlive => !_process.HasExited;

    /// <summary>All that the services have said.</summary>
    public string Messages
    {
        get
        {
            lock (_messages)
            {
                return _messages.ToString();
            }
        }
    }

    /// <summary>Greatest resident set so far, MiB.</summary>
    public long PeakMebibytes => File.ReadLines($"/proc/{_addresses["pid"]!.GetValue<int>()}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) / 1024)
        .Single();

    public string Address(string service) => _addresses[service]!.GetValue<string>();

    /// <summary>Starts the services on free ports; all that they write by themselves is below a folder.</summary>
    public static async Task<HostileServices> StartAsync(TempFolder folder, IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        foreach (var name in new[] { "home", "work", "tmp", "user" })
        {
            Directory.CreateDirectory(folder[name]);
        }

        var environment = new Dictionary<string, string?>(variables)
        {
            ["INTRADA_HOME"] = folder["home"],
            ["TMPDIR"] = folder["tmp"],
            ["HOME"] = folder["user"],
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        var process = ProgramRun.Start(
            Places.DotNet,
            [Places.Built("IntraDA.Standalone", "IntraDA.Standalone"), "--home", folder["home"], "--exit-with-stdin", .. arguments],
            environment,
            folder["work"]);
        var messages = new StringBuilder();
        var ready = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.WhenAll(Copy(process.StandardOutput), Copy(process.StandardError));
        try
        {
            var first = await Task.WhenAny(ready.Task, reading).WaitAsync(StartLimit);
            return first == ready.Task
                ? new HostileServices(process, messages, reading, await ready.Task)
                : throw new InvalidOperationException($"The services ended at once: {messages}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }

        async Task Copy(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                lock (messages)
                {
                    messages.AppendLine(line);
                }

                if (line.StartsWith('{') && line.Contains("\"ready\":true", StringComparison.Ordinal))
                {
                    ready.TrySetResult(JsonNode.Parse(line)!.AsObject());
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(EndLimit);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }
        finally
        {
            await _reading.WaitAsync(EndLimit);
            _process.Dispose();
        }
    }
}

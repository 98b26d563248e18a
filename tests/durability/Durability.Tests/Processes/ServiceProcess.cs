using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Durability.Tests.Processes;

/// <summary>One service in a process of its own, that can be killed, frozen and started again on its port.</summary>
internal sealed class ServiceProcess(
    Service service, int port, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    private readonly StringBuilder _messages = new();
    private Process? _process;
    private Process? _guard;
    private Task _reading = Task.CompletedTask;

    public string Address => $"http://127.0.0.1:{port}";

    public int Id => _process!.Id;

    /// <summary>All that the service has said, in all of its lives.</summary>
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

    /// <summary>Starts the process; <see cref="ReadyAsync"/> waits for it.</summary>
    public void Start()
    {
        var assembly = Places.Built($"IntraDA.{service}", $"IntraDA.{service}");
        string[] command = [Places.DotNet, assembly, "--Listen", Address, .. arguments];
        _process = ProgramRun.Start(command[0], command[1..], environment ?? new Dictionary<string, string?>());
        // A service must not outlive tests that are killed: the guard's standard input ends with them.
        _guard = ProgramRun.Start("/bin/sh", ["-c", $"read -r _; kill -KILL {_process.Id}"], new Dictionary<string, string?>());
        _reading = Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
    }

    /// <summary>Waits until the service accepts connections.</summary>
    public async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync("127.0.0.1", port, limit.Token);
                return;
            }
            catch (SocketException) when (!_process!.HasExited)
            {
                await Task.Delay(20, limit.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                throw new InvalidOperationException($"The {service} did not start: {Messages}", e);
            }
        }
    }

    /// <summary>SIGKILL, and no more waiting than until the process is gone.</summary>
    public async Task KillAsync()
    {
        _guard!.Kill();
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(EndLimit);
        _guard.Dispose();
    }

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Memory that the process holds, bytes.</summary>
    public long ResidentBytes() => ProcessMemory.ResidentBytes(Id);

    /// <summary>Time that the process has computed.</summary>
    public TimeSpan ComputedFor()
    {
        _process!.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading.WaitAsync(EndLimit);
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync().WaitAsync(EndLimit);
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_messages)
            {
                _messages.AppendLine(line);
            }
        }
    }
}

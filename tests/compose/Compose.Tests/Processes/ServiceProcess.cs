using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Compose.Tests.Processes;

/// <summary>One service of the ensemble in a process of its own.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _messages = new();
    private readonly Task _reading;
    private bool _isDisposed;

    private ServiceProcess(Process process, string address)
    {
        _process = process;
        Address = address;
        _reading = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    /// <summary>Where it answers.</summary>
    public string Address { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsRunning => !_isDisposed && !_process.HasExited;

    /// <summary>All that it has said.</summary>
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

    /// <summary>Starts a built program and waits until it serves.</summary>
    /// <param name="project">Its project, whose assembly has the same name.</param>
    /// <param name="port">Port on loopback.</param>
    /// <param name="arguments">Before the address.</param>
    public static async Task<ServiceProcess> StartAsync(string project, int port, params string[] arguments)
    {
        var address = $"http://127.0.0.1:{port}";
        var process = ProgramRun.Start(
            Places.DotNet,
            [Places.Built(project, project), .. arguments, "--Listen", address],
            new Dictionary<string, string?> { ["INTRADA_HOME"] = null });
        var service = new ServiceProcess(process, address);
        // A version where the program is one that takes it: the first argument.
        var version = arguments is [{ Length: > 0 } first, ..] && char.IsAsciiDigit(first[0]) ? $" as {first}" : "";
        Console.Out.WriteLine($"summary: started {project}{version} at {address}, process {process.Id}");
        try
        {
            await service.WaitAsync().WaitAsync(StartLimit);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw new InvalidOperationException($"{project} did not start: {service.Messages}");
        }
    }

    /// <summary>Ends it as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(EndLimit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading.WaitAsync(EndLimit);
        _process.Dispose();
    }

    private async Task WaitAsync()
    {
        using var channel = GrpcChannel.ForAddress(Address);
        var health = new Health.HealthClient(channel);
        while (!_process.HasExited)
        {
            try
            {
                await health.CheckAsync(new HealthCheckRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2));
                return;
            }
            catch (RpcException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }

        throw new InvalidOperationException("It ended at once.");
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

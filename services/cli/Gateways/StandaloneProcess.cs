using System.Diagnostics;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Gateways;

/// <summary>The local services as a child process that ends with its stdin.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task _streams;
    private readonly TimeProvider _clock;

    private StandaloneProcess(Process process, ServiceAddresses addresses, Task streams, TimeProvider clock)
    {
        _process = process;
        Addresses = addresses;
        _streams = streams;
        _clock = clock;
    }

    /// <summary>Where the services listen.</summary>
    public ServiceAddresses Addresses { get; }

    /// <summary>Starts the services and waits until they are ready.</summary>
    /// <param name="start">The command.</param>
    /// <param name="home">Their home; their messages go to <c>logs/services.log</c> in it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops waiting, and the services.</param>
    /// <returns>The running services; dispose them.</returns>
    /// <exception cref="CliException">They ended, or were not ready in time.</exception>
    public static async Task<StandaloneProcess> StartAsync(
        ProcessStartInfo start, string home, TimeProvider clock, CancellationToken cancellationToken)
    {
        var log = Path.Combine(home, "logs", "services.log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var process = Process.Start(start) ?? throw new CliException("the local services cannot be started");
        var ready = new TaskCompletionSource<ServiceAddresses>(TaskCreationOptions.RunContinuationsAsynchronously);
        var streams = CopyStreamsAsync(process, log, ready);
        try
        {
            return new StandaloneProcess(
                process, await ready.Task.WaitAsync(StartLimit, clock, cancellationToken), streams, clock);
        }
        catch (Exception exception)
        {
            process.Kill(entireProcessTree: true);
            await streams;
            process.Dispose();
            if (exception is OperationCanceledException)
            {
                throw;
            }

            var reason = exception is TimeoutException ? $"they were not ready within {StartLimit.TotalSeconds:0} s" : LastLine(log);
            throw new CliException($"the local services did not start: {reason}; their messages are in {log}");
        }
    }

    /// <summary>Waits until the services end by themselves.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Their exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(StopLimit, _clock);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _streams;
        _process.Dispose();
    }

    // Both pipes must be read to their end: services whose pipe is full stand still.
    private static async Task CopyStreamsAsync(Process process, string log, TaskCompletionSource<ServiceAddresses> ready)
    {
        await using var file = TextWriter.Synchronized(new StreamWriter(log, append: false) { AutoFlush = true });
        await Task.WhenAll(Copy(process.StandardOutput), Copy(process.StandardError));
        ready.TrySetException(new CliException("the local services ended"));

        async Task Copy(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                if (!ready.Task.IsCompleted && ServiceAddresses.TryParse(line) is { } addresses)
                {
                    ready.TrySetResult(addresses);
                }

                await file.WriteLineAsync(line);
            }
        }
    }

    private static string LastLine(string log) =>
        File.ReadLines(log).LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "they ended without a message";
}

using System.Diagnostics;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Bench;

/// <summary>Runs a bench in a process of its own: benches load torch, the client does not.</summary>
internal static class BenchProcess
{
    private const string Assembly = "IntraDA.Benchmarks.dll";

    /// <summary>Runs a bench to its end and passes its lines on.</summary>
    /// <param name="host">The process; its INTRADA_BENCHMARKS names the assembly, else it lies beside the client.</param>
    /// <param name="arguments">The bench's name and options.</param>
    /// <param name="cancellationToken">Ends the bench.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CliException">The benches are not there.</exception>
    public static async Task<int> RunAsync(CliHost host, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var assembly = host.Variable("INTRADA_BENCHMARKS") ?? Path.Combine(AppContext.BaseDirectory, Assembly);
        if (!File.Exists(assembly))
        {
            throw new CliException($"the benches are not built: {assembly} is not there; run the launcher ./intrada from a checkout");
        }

        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(dotnet, [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new CliException("the benches cannot be started");
        try
        {
            // Both pipes must be read to their end: a process whose pipe is full stands still.
            await Task.WhenAll(
                CopyAsync(process.StandardOutput, host.Out, cancellationToken), CopyAsync(process.StandardError, host.Error, cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    private static async Task CopyAsync(StreamReader from, TextWriter to, CancellationToken cancellationToken)
    {
        while (await from.ReadLineAsync(cancellationToken) is { } line)
        {
            await to.WriteLineAsync(line);
            await to.FlushAsync(cancellationToken);
        }
    }
}

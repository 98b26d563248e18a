using System.Runtime.InteropServices;

namespace IntraDA.Benchmarks.Frame;

/// <summary>The program behind <c>intrada bench</c>: a process of its own, because the client links no torch.</summary>
internal static class BenchProgram
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;
    private const int Interrupted = 130;

    /// <summary>Runs a bench.</summary>
    /// <param name="args">Its name, then <c>--name value</c> options; <c>--json</c> stands alone.</param>
    /// <param name="output">Receives the result: with <c>--json</c> exactly one line.</param>
    /// <param name="error">Receives progress and errors.</param>
    /// <returns>0; 1 where it failed or the answers disagree; 2 for a wrong command line; 130 after Ctrl-C.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        using var end = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, end));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, end));
        var json = args.Contains("--json");
        var words = args.Where(word => word != "--json").ToList();
        var bench = BenchList.All.FirstOrDefault(b => words.Count > 0 && b.Name == words[0]);
        if (bench is null)
        {
            await error.WriteLineAsync($"intrada: the benches are {string.Join(", ", BenchList.All.Select(b => b.Name))}.").ConfigureAwait(false);
            return Usage;
        }

        try
        {
            var arguments = new BenchArguments(words[1..]);
            using var session = new BenchSession(arguments.Integer("pairs", 3, 1, 100), TimeProvider.System, error);
            var result = await bench.RunAsync(arguments, session, end.Token).ConfigureAwait(false);
            foreach (var line in json ? [BenchReport.Json(bench.Name, result)] : BenchReport.Lines(bench.Name, result))
            {
                await output.WriteLineAsync(line).ConfigureAwait(false);
            }

            return result.Agreement.Holds ? Success : Failure;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (BenchException exception)
        {
            await error.WriteLineAsync($"intrada: {exception.Message}").ConfigureAwait(false);
            return Failure;
        }
    }

    private static void End(PosixSignalContext signal, CancellationTokenSource end)
    {
        signal.Cancel = true;
        end.Cancel();
    }
}

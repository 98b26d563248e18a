using IntraDA.Hosting;
using IntraDA.Segmenter;

namespace IntraDA.Benchmarks.Scaling;

/// <summary>A segmenter as this program's child: two in one process would share torch's threads.</summary>
internal static class SegmenterPart
{
    /// <summary>First word of the command line that runs it.</summary>
    public const string Name = "scaling-segmenter";

    /// <summary>Serves until standard input ends, which it does with the parent; the first line of output is the address.</summary>
    /// <param name="args">Options of the service.</param>
    /// <param name="input">Ends with the parent.</param>
    /// <param name="output">Receives the address.</param>
    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output)
    {
        var app = SegmenterApplication.Create(args);
        await using (app.ConfigureAwait(false))
        {
            await app.StartAsync().ConfigureAwait(false);
            await output.WriteLineAsync(ServiceHost.AddressOf(app)).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
            await input.ReadToEndAsync().ConfigureAwait(false);
            await app.StopAsync().ConfigureAwait(false);
        }

        return 0;
    }
}

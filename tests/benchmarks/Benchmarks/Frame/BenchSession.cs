using System.Globalization;

namespace IntraDA.Benchmarks.Frame;

/// <summary>What a bench works with: the number of pairs, a clock, progress, and a folder that is deleted afterwards.</summary>
/// <param name="pairs">How often both ways run.</param>
/// <param name="clock">The clock.</param>
/// <param name="progress">Receives lines for people.</param>
internal sealed class BenchSession(int pairs, TimeProvider clock, TextWriter progress) : IDisposable
{
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("intrada-bench-"));

    /// <summary>How often both ways run.</summary>
    public int Pairs => pairs;

    /// <summary>A folder for the bench's files.</summary>
    public string Folder => _folder.Value.FullName;

    /// <summary>Tells what is being done.</summary>
    /// <param name="line">One line.</param>
    public void Note(string line) => progress.WriteLine(line);

    /// <summary>
    /// Runs both ways once to warm up, then in turn. What else the machine does while it lasts meets both alike.
    /// </summary>
    /// <param name="plain">The plain way.</param>
    /// <param name="ours">This project's way.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>The times, without those of the warm-up.</returns>
    public async Task<PairedTimes> MeasureAsync(
        Func<CancellationToken, Task> plain, Func<CancellationToken, Task> ours, CancellationToken cancellationToken)
    {
        await TimeAsync("warm-up, plain", plain, cancellationToken).ConfigureAwait(false);
        await TimeAsync("warm-up, ours", ours, cancellationToken).ConfigureAwait(false);
        var plainTimes = new List<(double Wall, double Processor)>();
        var ourTimes = new List<(double Wall, double Processor)>();
        for (var i = 1; i <= pairs; i++)
        {
            plainTimes.Add(await TimeAsync($"pair {i} of {pairs}, plain", plain, cancellationToken).ConfigureAwait(false));
            ourTimes.Add(await TimeAsync($"pair {i} of {pairs}, ours", ours, cancellationToken).ConfigureAwait(false));
        }

        return new PairedTimes([.. plainTimes.Select(t => t.Wall)], [.. ourTimes.Select(t => t.Wall)])
        {
            ProcessorSeconds = (PairedTimes.Median(plainTimes.Select(t => t.Processor)), PairedTimes.Median(ourTimes.Select(t => t.Processor))),
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            _folder.Value.Delete(recursive: true);
        }
    }

    private async Task<(double Wall, double Processor)> TimeAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Neither way pays for what the other left behind.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var processor = Environment.CpuUsage.TotalTime;
        var start = clock.GetTimestamp();
        await work(cancellationToken).ConfigureAwait(false);
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        var busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        Note(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:0.000} s, {busy:0.000} s of processor time"));
        return (seconds, busy);
    }
}

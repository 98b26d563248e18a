namespace IntraDA.Durability.Tests.Processes;

/// <summary>By how much services grow while something goes on.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Task<long> _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="services">The ensemble.</param>
    /// <param name="watched">Those of its services that are watched.</param>
    public MemoryWatch(SeparateServices services, params IReadOnlyList<Service> watched)
    {
        var before = watched.Select(service => services[service].ResidentBytes()).ToList();
        _watching = Task.Run(async () =>
        {
            var peak = 0L;
            while (!_end.IsCancellationRequested)
            {
                peak = Math.Max(peak, watched.Zip(before, (service, first) => services[service].ResidentBytes() - first).Max());
                await Task.Delay(Interval, CancellationToken.None);
            }

            return peak;
        });
    }

    /// <summary>Ends.</summary>
    /// <returns>Bytes of resident memory by which the service that grew most was above its beginning, at its peak.</returns>
    public async Task<long> EndAsync()
    {
        await _end.CancelAsync();
        return await _watching;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }
}

using System.Collections.Concurrent;

namespace IntraDA.Trainer.Loading;

/// <summary>
/// Keeps decoded samples in memory up to a bound. Nothing is evicted: training sweeps a whole set in ever new orders, and for such
/// a sweep the first samples kept are as good as any others, without the churn.
/// </summary>
/// <param name="maxBytes">Bound over all samples, bytes.</param>
public sealed class SampleCache(long maxBytes)
{
    private readonly ConcurrentDictionary<string, Sample> _samples = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Bytes kept.</summary>
    public long SizeBytes => Interlocked.Read(ref _bytes);

    /// <summary>Looks a sample up.</summary>
    /// <param name="key">Names image, label and size.</param>
    /// <returns>The sample, or null.</returns>
    public Sample? Find(string key) => _samples.GetValueOrDefault(key);

    /// <summary>Keeps a sample where there is room.</summary>
    /// <param name="key">Names image, label and size.</param>
    /// <param name="sample">The sample.</param>
    public void Keep(string key, Sample sample)
    {
        if (Interlocked.Add(ref _bytes, sample.SizeBytes) > maxBytes || !_samples.TryAdd(key, sample))
        {
            Interlocked.Add(ref _bytes, -sample.SizeBytes);
        }
    }
}

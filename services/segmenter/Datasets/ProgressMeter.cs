using IntraDA.Contracts;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Segmenter.Datasets;

/// <summary>Says how far a run over images is, at most about once a second.</summary>
/// <param name="activity">What is being done.</param>
/// <param name="total">Images in all.</param>
/// <param name="timeProvider">Clock.</param>
internal sealed class ProgressMeter(string activity, int total, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly PaceMeter _pace = new(activity, "image", total, timeProvider);
    private long? _last;

    /// <summary>Progress to report now, or null where the last report is recent.</summary>
    public Progress? Advance(int done)
    {
        var now = timeProvider.GetTimestamp();
        if (done < total && _last is { } last && timeProvider.GetElapsedTime(last, now) < Interval)
        {
            return null;
        }

        _last = now;
        return _pace.At(done);
    }
}

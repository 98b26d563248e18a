using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>
/// Bounds the pixels of images that streams hold decoded, over all streams together: whoever finds no room waits, in the order of coming. An image
/// that is larger than the whole budget has it to itself.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class PixelBudget(IOptions<SegmenterOptions> options)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly long _all = options.Value.DecodedPixels;
    private long _taken;

    /// <summary>Pixels in use.</summary>
    public long Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <summary>Takes room when there is some.</summary>
    /// <param name="pixels">How much.</param>
    /// <param name="cancellationToken">Gives the place in the line up.</param>
    /// <returns>The room, given back when disposed.</returns>
    public async Task<IDisposable> TakeAsync(long pixels, CancellationToken cancellationToken)
    {
        var share = new Share(this, Math.Min(pixels, _all));
        var waiting = new Waiting(share);
        lock (_lock)
        {
            _waiting.AddLast(waiting);
            Admit();
        }

        using (cancellationToken.Register(() => GiveUp(waiting, cancellationToken)))
        {
            await waiting.Turn.Task.ConfigureAwait(false);
        }

        return share;
    }

    private void GiveUp(Waiting waiting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Remove(waiting))
            {
                waiting.Turn.SetCanceled(cancellationToken);
                // Those behind it may be smaller.
                Admit();
            }
        }
    }

    private void GiveBack(long pixels)
    {
        lock (_lock)
        {
            _taken -= pixels;
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } first && _taken + first.Value.Share.Pixels <= _all)
        {
            _taken += first.Value.Share.Pixels;
            _waiting.RemoveFirst();
            first.Value.Turn.SetResult();
        }
    }

    private sealed class Waiting(Share share)
    {
        public Share Share { get; } = share;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Share(PixelBudget budget, long pixels) : IDisposable
    {
        private PixelBudget? _budget = budget;

        public long Pixels { get; } = pixels;

        public void Dispose() => Interlocked.Exchange(ref _budget, null)?.GiveBack(Pixels);
    }
}

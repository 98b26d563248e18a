using System.Collections.Concurrent;
using IntraDA.Contracts;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;

namespace IntraDA.Gateway.Segmenters;

/// <summary>Which pieces of one scoring wait, run and are done. Driven by one caller; only <see cref="Advance"/> comes from others.</summary>
internal sealed class ShardRun
{
    private readonly Queue<ScoringShard> _waiting;
    private readonly Dictionary<Task<ScoreReport>, (SegmenterEndpoint Endpoint, ScoringShard Piece)> _running = [];
    private readonly ConcurrentDictionary<int, long> _done = new();
    private readonly ScoreReport?[] _reports;
    private readonly Action<Progress> _onProgress;
    private readonly TimeProvider _time;
    private readonly PaceMeter _pace;
    private long _lastProgress;
    private long _furthest;

    public ShardRun(IEnumerable<ScoringShard> pieces, int images, Action<Progress> onProgress, TimeProvider time)
    {
        _waiting = new Queue<ScoringShard>(pieces);
        _reports = new ScoreReport?[_waiting.Count];
        (_onProgress, _time) = (onProgress, time);
        _pace = new PaceMeter("scoring", "image", images, time);
        _lastProgress = time.GetTimestamp();
    }

    /// <summary>Whether every piece is done.</summary>
    public bool IsComplete => _reports.All(report => report is not null);

    /// <summary>The pieces' reports in order, once all are done.</summary>
    public IReadOnlyList<ScoreReport> Reports => [.. _reports.Select(report => report!)];

    /// <summary>Time since something got further.</summary>
    public TimeSpan Idle => _time.GetElapsedTime(Interlocked.Read(ref _lastProgress));

    /// <summary>Pieces that a segmenter has at the moment.</summary>
    public int Running(SegmenterEndpoint endpoint) => _running.Values.Count(one => one.Endpoint == endpoint);

    /// <summary>The next piece for a segmenter; null where none waits.</summary>
    public ScoringShard? TryTake(SegmenterEndpoint endpoint) =>
        // One that waits for its second piece while another has none would only make the last ones longer.
        _waiting.Count > 0 && (Running(endpoint) == 0 || _waiting.Count > _running.Count) ? _waiting.Dequeue() : null;

    /// <summary>A piece is being scored.</summary>
    public void Begin(SegmenterEndpoint endpoint, ScoringShard piece, Task<ScoreReport> work) => _running[work] = (endpoint, piece);

    /// <summary>A piece got further.</summary>
    public void Advance(ScoringShard piece, long images)
    {
        _done[piece.Index] = images;
        var done = _done.Values.Sum();
        // A piece that is begun again and again is no progress.
        if (done > Interlocked.Read(ref _furthest))
        {
            Interlocked.Exchange(ref _furthest, done);
            Interlocked.Exchange(ref _lastProgress, _time.GetTimestamp());
        }

        _onProgress(_pace.At(done));
    }

    /// <summary>Waits until a piece ends or for a while; a failed one waits again.</summary>
    /// <returns>Who failed and why; null where nobody did.</returns>
    public async Task<(SegmenterEndpoint Endpoint, Exception Reason)?> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await Task.WhenAny([.. _running.Keys, Task.Delay(limit, _time, cancellationToken)]).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        (SegmenterEndpoint, Exception)? failed = null;
        foreach (var ended in _running.Keys.Where(task => task.IsCompleted).ToList())
        {
            var (endpoint, piece) = _running[ended];
            _running.Remove(ended);
            if (ended.IsCompletedSuccessfully)
            {
                _reports[piece.Index] = ended.Result;
                Advance(piece, piece.Manifest.Items.Count);
            }
            else
            {
                _done.TryRemove(piece.Index, out _);
                _waiting.Enqueue(piece);
                endpoint.Serving = false;
                failed = (endpoint, ended.Exception?.GetBaseException() ?? new TaskCanceledException(ended));
            }
        }

        return failed;
    }

    /// <summary>Waits until nothing runs any more, whatever became of it.</summary>
    public async Task SettleAsync()
    {
        foreach (var task in _running.Keys)
        {
            await Task.WhenAny(task).ConfigureAwait(false);
            _ = task.Exception;
        }
    }
}

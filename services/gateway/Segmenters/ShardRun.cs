using System.Collections.Concurrent;
using IntraDA.Contracts;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;

namespace IntraDA.Gateway.Segmenters;

/// <summary>Which pieces of one scoring wait, run and are done. Driven by one caller; only <see cref="Advance"/> comes from others.</summary>
internal sealed class ShardRun
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);

    private readonly Queue<ScoringShard> _waiting;
    private readonly Dictionary<Task<ScoreReport>, (SegmenterEndpoint Endpoint, ScoringShard Piece)> _running = [];
    private readonly ConcurrentDictionary<int, long> _done = new();
    private readonly ScoreReport?[] _reports;
    private readonly Action<Progress> _onProgress;
    private readonly TimeProvider _time;
    private readonly Dictionary<SegmenterEndpoint, Rest> _resting = [];
    private readonly PaceMeter _pace;
    private long _lastProgress;
    private long _lastAnswer;
    private long _furthest;

    public ShardRun(IEnumerable<ScoringShard> pieces, int images, Action<Progress> onProgress, TimeProvider time)
    {
        _waiting = new Queue<ScoringShard>(pieces);
        _reports = new ScoreReport?[_waiting.Count];
        (_onProgress, _time) = (onProgress, time);
        _pace = new PaceMeter("scoring", "image", images, time);
        _lastProgress = _lastAnswer = time.GetTimestamp();
    }

    /// <summary>Whether every piece is done.</summary>
    public bool IsComplete => _reports.All(report => report is not null);

    /// <summary>The pieces' reports in order, once all are done.</summary>
    public IReadOnlyList<ScoreReport> Reports => [.. _reports.Select(report => report!)];

    /// <summary>Number of pieces.</summary>
    public int Count => _reports.Length;

    /// <summary>Time since something got further.</summary>
    public TimeSpan Stalled => _time.GetElapsedTime(Interlocked.Read(ref _lastProgress));

    /// <summary>Time since something got further, or a segmenter said that it had too much to do.</summary>
    public TimeSpan Idle => _time.GetElapsedTime(Math.Max(Interlocked.Read(ref _lastProgress), _lastAnswer));

    /// <summary>Pieces that a segmenter has at the moment.</summary>
    public int Running(SegmenterEndpoint endpoint) => _running.Values.Count(one => one.Endpoint == endpoint);

    /// <summary>Leaves a segmenter alone for a while.</summary>
    /// <param name="endpoint">The segmenter.</param>
    /// <param name="busy">Whether it said that it has too much to do.</param>
    /// <param name="asked">For how long it asked; null: for longer with every failure after its last piece.</param>
    /// <returns>For how long.</returns>
    public TimeSpan LetRest(SegmenterEndpoint endpoint, bool busy, TimeSpan? asked)
    {
        if (busy)
        {
            _lastAnswer = _time.GetTimestamp();
        }

        var failures = _resting.TryGetValue(endpoint, out var former) ? former.Failures + 1 : 1;
        var rest = asked ?? TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, FirstRest.Ticks << Math.Min(failures - 1, 10)));
        _resting[endpoint] = new Rest(failures, _time.GetTimestamp(), rest);
        return rest;
    }

    /// <summary>The next piece for a segmenter; null where none waits, or the segmenter is left alone.</summary>
    public ScoringShard? TryTake(SegmenterEndpoint endpoint) =>
        // One that waits for its second piece while another has none would only make the last ones longer.
        !IsResting(endpoint) && _waiting.Count > 0 && (Running(endpoint) == 0 || _waiting.Count > _running.Count) ? _waiting.Dequeue() : null;

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
    /// <returns>Those that failed: where, and why.</returns>
    public async Task<IReadOnlyList<(SegmenterEndpoint Endpoint, ScoringShard Piece, Exception Reason)>> WaitAsync(
        TimeSpan limit, CancellationToken cancellationToken)
    {
        await Task.WhenAny([.. _running.Keys, Task.Delay(limit, _time, cancellationToken)]).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var failed = new List<(SegmenterEndpoint, ScoringShard, Exception)>();
        foreach (var ended in _running.Keys.Where(task => task.IsCompleted).ToList())
        {
            var (endpoint, piece) = _running[ended];
            _running.Remove(ended);
            if (ended.IsCompletedSuccessfully)
            {
                _reports[piece.Index] = ended.Result;
                _resting.Remove(endpoint);
                Advance(piece, piece.Manifest.Items.Count);
            }
            else
            {
                _done.TryRemove(piece.Index, out _);
                _waiting.Enqueue(piece);
                failed.Add((endpoint, piece, ended.Exception?.GetBaseException() ?? new TaskCanceledException(ended)));
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

    private bool IsResting(SegmenterEndpoint endpoint) =>
        _resting.TryGetValue(endpoint, out var rest) && _time.GetElapsedTime(rest.Since) < rest.Time;

    private sealed record Rest(int Failures, long Since, TimeSpan Time);
}

using IntraDA.Artifacts.Store;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>A workflow that this gateway drives: holds its lease, watches for a user's wish to stop it.</summary>
internal sealed class WorkflowRun : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);

    private readonly WorkflowLog _log;
    private readonly WorkflowLease _lease;
    private readonly WorkflowExecutor _executor;
    private readonly CancelMarks _marks;
    private readonly TimeProvider _time;
    private readonly TimeSpan _renewEvery;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _stoppedByUser;

    public WorkflowRun(
        WorkflowLog log,
        WorkflowLease lease,
        WorkflowExecutor executor,
        CancelMarks marks,
        TimeProvider time,
        TimeSpan leaseDuration,
        ILogger logger)
    {
        (_log, _lease, _executor, _marks, _time, _logger) = (log, lease, executor, marks, time, logger);
        _renewEvery = leaseDuration / 3;
    }

    /// <summary>A user stops the workflow.</summary>
    public void Cancel()
    {
        _stoppedByUser = true;
        Interrupt();
    }

    /// <summary>This gateway ends; the workflow goes on elsewhere or later.</summary>
    public void Interrupt()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended at the same moment.
        }
    }

    /// <summary>Drives the workflow until it ends or this gateway must let go of it. Never throws.</summary>
    public async Task RunAsync()
    {
        using var resting = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var heart = BeatAsync(resting.Token);
        try
        {
            await DriveAsync().ConfigureAwait(false);
        }
        catch (OwnershipLostException e)
        {
            _logger.LogWarning("{Reason}", e.Message);
        }
        catch (OperationCanceledException)
        {
            _logger.LogInformation("Workflow {Workflow} is interrupted and can go on", _log.Record.Id);
        }
        catch (Exception e)
        {
            // It stays RUNNING: whoever looks for work next takes it up where its log ends.
            _logger.LogError(e, "Workflow {Workflow} could not be driven on", _log.Record.Id);
        }
        finally
        {
            await resting.CancelAsync().ConfigureAwait(false);
            await heart.ConfigureAwait(false);
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task DriveAsync()
    {
        try
        {
            await _executor.ExecuteAsync(_log, () => _stoppedByUser, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stoppedByUser)
        {
            using var limit = new CancellationTokenSource(FarewellLimit, _time);
            await _executor.EndCancelledAsync(_log, limit.Token).ConfigureAwait(false);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var renewed = _time.GetTimestamp();
        try
        {
            using var timer = new PeriodicTimer(_renewEvery < Beat ? _renewEvery : Beat, _time);
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    if (await _marks.IsSetAsync(_log.Record.Id, cancellationToken).ConfigureAwait(false))
                    {
                        Cancel();
                        return;
                    }

                    if (_time.GetElapsedTime(renewed) >= _renewEvery)
                    {
                        await _lease.RenewAsync(cancellationToken).ConfigureAwait(false);
                        renewed = _time.GetTimestamp();
                    }
                }
                catch (ArtifactStoreException e)
                {
                    // The log itself decides who may write; a missed renewal only invites another gateway.
                    _logger.LogWarning("The lease of {Workflow} was not renewed: {Reason}", _log.Record.Id, e.Message);
                }
            }
        }
        catch (OwnershipLostException)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(FarewellLimit, _time);
            await _lease.ReleaseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArtifactStoreException or OperationCanceledException)
        {
            _logger.LogWarning("The lease of {Workflow} runs out by itself: {Reason}", _log.Record.Id, e.Message);
        }
    }
}

using System.Collections.Concurrent;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Options;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>Drives the workflows of this gateway, and takes over those whose gateway is gone.</summary>
internal sealed class WorkflowEngine(
    WorkflowRepository workflows,
    WorkflowExecutor executor,
    CancelMarks marks,
    GatewayProcess process,
    IArtifactStore store,
    GatewayOptions options,
    TimeProvider time,
    ILogger<WorkflowEngine> logger) : BackgroundService
{
    // A user waits no longer than this for the word that a workflow has stopped.
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (WorkflowRun Run, Task Completion)> _runs = new(StringComparer.Ordinal);
    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.Workflows.LeaseSeconds);
    private readonly SemaphoreSlim _starting = new(1);

    // Why workflows could not be taken up at the last look, which alone writes and reads it.
    private readonly Dictionary<string, string> _troubles = new(StringComparer.Ordinal);
    private volatile bool _ending;

    /// <summary>Drives a workflow on where nobody else does.</summary>
    public async Task TryStartAsync(string id, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_ending || _runs.ContainsKey(id) || await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } log)
            {
                return;
            }

            if (WorkflowFold.IsFinal(log.Workflow.State))
            {
                await workflows.UnmarkActiveAsync(id, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (await AcquireAsync(id, cancellationToken).ConfigureAwait(false) is { } lease)
            {
                // What the last owner wrote after the log was read must be known before anything is appended.
                await log.RefreshAsync(cancellationToken).ConfigureAwait(false);
                if (WorkflowFold.IsFinal(log.Workflow.State) || await marks.IsSetAsync(id, cancellationToken).ConfigureAwait(false))
                {
                    await EndAsync(log, lease, cancellationToken).ConfigureAwait(false);
                    return;
                }

                Start(log, lease);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops a workflow; one that has ended stays as it is.</summary>
    /// <returns>The workflow. Where it has not ended yet, its mark is in the store, and whoever drives it next ends it.</returns>
    public async Task<Workflow> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var log = await workflows.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (WorkflowFold.IsFinal(log.Workflow.State))
        {
            return log.Workflow;
        }

        // First of all: a gateway that dies in what follows must not take the user's word along.
        await marks.SetAsync(id, cancellationToken).ConfigureAwait(false);
        var begin = time.GetTimestamp();
        while (!WorkflowFold.IsFinal(log.Workflow.State) && time.GetElapsedTime(begin) < CancelLimit)
        {
            if (_runs.TryGetValue(id, out var run))
            {
                run.Run.Cancel();
                await Task.WhenAny(run.Completion, Task.Delay(CancelLimit, time, cancellationToken)).ConfigureAwait(false);
            }
            else if (await AcquireAsync(id, cancellationToken).ConfigureAwait(false) is { } lease)
            {
                await EndAsync(log, lease, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await Task.Delay(LookAgain, time, cancellationToken).ConfigureAwait(false);
            }

            await log.RefreshAsync(cancellationToken).ConfigureAwait(false);
        }

        return log.Workflow;
    }

    /// <summary>Goes on with a workflow that has failed, was cancelled, or whose gateway is gone.</summary>
    /// <exception cref="ServiceException">FAILED_PRECONDITION: it has succeeded, or is running.</exception>
    public async Task<Workflow> ResumeAsync(string id, CancellationToken cancellationToken)
    {
        var log = await workflows.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (log.Workflow.State == WorkflowState.Succeeded)
        {
            throw ServiceException.FailedPrecondition("WORKFLOW_SUCCEEDED", $"{id} has succeeded; there is nothing to resume.");
        }

        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A run that is just ending still holds its lease for a moment.
            if (_runs.TryGetValue(id, out var run) && WorkflowFold.IsFinal(log.Workflow.State))
            {
                await run.Completion.WaitAsync(CancelLimit, time, cancellationToken).ConfigureAwait(false);
            }

            if (_ending || _runs.ContainsKey(id) || await AcquireAsync(id, cancellationToken).ConfigureAwait(false) is not { } lease)
            {
                throw ServiceException.FailedPrecondition("WORKFLOW_RUNNING", $"{id} is running; cancel it first, or just watch it.");
            }

            await log.RefreshAsync(cancellationToken).ConfigureAwait(false);
            // Of two wishes the later one counts, also where the earlier has not come to its end.
            await marks.ClearAsync(id, cancellationToken).ConfigureAwait(false);
            if (WorkflowFold.IsFinal(log.Workflow.State))
            {
                await workflows.MarkActiveAsync(id, cancellationToken).ConfigureAwait(false);
                await executor.ReviveAsync(log, cancellationToken).ConfigureAwait(false);
            }

            Start(log, lease);
        }
        finally
        {
            _starting.Release();
        }

        return log.Workflow;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        InterruptAll();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);

        await Task
            .WhenAny(Task.WhenAll(_runs.Values.Select(r => r.Completion)), Task.Delay(EndLimit, time, cancellationToken))
            .ConfigureAwait(false);
    }

    public override void Dispose()
    {
        InterruptAll();
        _starting.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Workflows.ScanSeconds), time);
        try
        {
            do
            {
                await ScanAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The gateway is ending.
        }
    }

    private void InterruptAll()
    {
        _ending = true;
        foreach (var (run, _) in _runs.Values)
        {
            run.Interrupt();
        }
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var id in workflows.ListActiveAsync(cancellationToken).ConfigureAwait(false))
            {
                await LookAtAsync(id, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One bad look must not end the looking.
            logger.LogWarning("The store could not be searched for interrupted workflows: {Reason}", e.Message);
        }
    }

    private async Task LookAtAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            if (!await workflows.UnmarkOrphanAsync(id, cancellationToken).ConfigureAwait(false))
            {
                await TryStartAsync(id, cancellationToken).ConfigureAwait(false);
            }

            _troubles.Remove(id);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One workflow that cannot be read must not keep those behind it waiting. Every look says the same; once is enough.
            if (!_troubles.TryGetValue(id, out var known) || known != e.Message)
            {
                _troubles[id] = e.Message;
                logger.LogError("Workflow {Workflow} cannot be taken up again: {Reason}", id, e.Message);
            }
        }
    }

    // Ends a workflow that its user has stopped, where nothing else has ended it meanwhile.
    private async Task EndAsync(WorkflowLog log, WorkflowLease lease, CancellationToken cancellationToken)
    {
        await log.RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (!WorkflowFold.IsFinal(log.Workflow.State))
        {
            await executor.EndCancelledAsync(log, cancellationToken).ConfigureAwait(false);
        }

        await lease.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        await workflows.UnmarkActiveAsync(log.Record.Id, cancellationToken).ConfigureAwait(false);
    }

    private Task<WorkflowLease?> AcquireAsync(string id, CancellationToken cancellationToken) =>
        WorkflowLease.TryAcquireAsync(store, time, process, id, _lease, cancellationToken);

    private void Start(WorkflowLog log, WorkflowLease lease)
    {
        var id = log.Record.Id;
        var run = new WorkflowRun(log, lease, executor, marks, time, _lease, logger);
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs[id] = (run, completion.Task);
        _ = Task.Run(
            async () =>
            {
                await run.RunAsync().ConfigureAwait(false);
                if (WorkflowFold.IsFinal(log.Workflow.State))
                {
                    await TidyAsync(id).ConfigureAwait(false);
                }

                _runs.TryRemove(id, out _);
                completion.SetResult();
                run.Dispose();
            },
            CancellationToken.None);
    }

    private async Task TidyAsync(string id)
    {
        try
        {
            await workflows.UnmarkActiveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ArtifactStoreException e)
        {
            // The next look finds the workflow ended and takes the mark away.
            logger.LogInformation("The mark of {Workflow} stays for now: {Reason}", id, e.Message);
        }
    }
}

using Google.Protobuf.WellKnownTypes;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.Stages;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Telemetry;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>Takes a workflow from where it stands to its end, one stage after the other.</summary>
internal sealed class WorkflowExecutor(
    IEnumerable<IStage> stages,
    StageCache cache,
    TrainingDriver trainings,
    StepRetry retry,
    LiveFeeds feeds,
    ServiceTelemetry telemetry,
    TimeProvider time,
    ILogger<WorkflowExecutor> logger)
{
    private readonly Dictionary<StageKind, IStage> _stages = stages.ToDictionary(stage => stage.Kind);

    /// <summary>Runs what is left of a workflow. A stage's failure ends it as FAILED; ownership lost and cancellation are thrown.</summary>
    public async Task ExecuteAsync(WorkflowLog log, Func<bool> stoppedByUser, CancellationToken cancellationToken)
    {
        foreach (var kind in StageOrder.All)
        {
            var before = WorkflowFold.StageOf(log.Workflow, kind);
            if (before.State is WorkflowState.Succeeded or WorkflowState.Skipped)
            {
                continue;
            }

            var stage = new Stage { Kind = kind, StartTime = Now() };
            var begin = time.GetTimestamp();
            using var span = telemetry.BeginStage(log.Record.Id, StageOrder.NameOf(kind));
            using var scope = logger.BeginScope(
                new KeyValuePair<string, object>[] { new("workflow", log.Record.Id), new("stage", StageOrder.NameOf(kind)) });
            try
            {
                await RunStageAsync(log, stage, stoppedByUser, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OwnershipLostException)
            {
                // Whatever breaks while the work is being stopped is an effect of that, and no verdict on the stage.
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }
            catch (Exception e) when (e is not OwnershipLostException)
            {
                span.SetStatus(System.Diagnostics.ActivityStatusCode.Error, e.Message);
                telemetry.RecordStage(StageOrder.NameOf(kind), "failed", time.GetElapsedTime(begin));
                await FailAsync(log, stage, e, cancellationToken).ConfigureAwait(false);
                return;
            }

            var ended = WorkflowFold.StageOf(log.Workflow, kind);
            telemetry.RecordStage(
                StageOrder.NameOf(kind),
                ended.State == WorkflowState.Skipped ? "skipped" : ended.Reused ? "reused" : "done",
                time.GetElapsedTime(begin));
        }

        var report = WorkflowFold.StageOf(log.Workflow, StageKind.Report).Outputs;
        await AppendEndAsync(
                log,
                new Workflow
                {
                    State = WorkflowState.Succeeded,
                    EndTime = Now(),
                    ReportHtml = report[ReportStage.HtmlOutput],
                    ReportJson = report[ReportStage.JsonOutput],
                },
                cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Ends a workflow as CANCELLED.</summary>
    public async Task EndCancelledAsync(WorkflowLog log, CancellationToken cancellationToken)
    {
        foreach (var running in log.Workflow.Stages.Where(s => s.State == WorkflowState.Running).ToList())
        {
            if (StageOrder.Networks.Contains(running.Kind))
            {
                // Its job may have been begun by a gateway that is gone, so that nobody here has heard of it yet.
                await trainings.AbandonAsync(running.Key).ConfigureAwait(false);
            }

            var stage = running.Clone();
            (stage.State, stage.EndTime, stage.Reason) = (WorkflowState.Cancelled, Now(), "A user stopped the workflow.");
            await AppendAsync(log, stage, cancellationToken).ConfigureAwait(false);
        }

        await AppendEndAsync(log, new Workflow { State = WorkflowState.Cancelled, EndTime = Now() }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Brings a failed or cancelled workflow back to life at the stage where it ended.</summary>
    public async Task ReviveAsync(WorkflowLog log, CancellationToken cancellationToken)
    {
        var kind = StageOrder.All.First(k =>
            WorkflowFold.StageOf(log.Workflow, k).State is not (WorkflowState.Succeeded or WorkflowState.Skipped));
        var revived = new Stage { Kind = kind, State = WorkflowState.Pending };
        if (WorkflowFold.StageOf(log.Workflow, kind) is { Key.Length: > 0 } ended)
        {
            // Under its key lies what was done so far.
            (revived.Key, revived.Service) = (ended.Key, ended.Service);
            revived.EarlierServices.Add(ended.EarlierServices);
        }

        await AppendAsync(log, revived, cancellationToken).ConfigureAwait(false);
    }

    private async Task RunStageAsync(WorkflowLog log, Stage stage, Func<bool> stoppedByUser, CancellationToken cancellationToken)
    {
        var context = new StageContext(log.Record, log.Workflow);
        var plan = await retry
            .RunAsync(
                $"planning {StageOrder.NameOf(stage.Kind)}",
                (_, token) => _stages[stage.Kind].PlanAsync(context, token),
                cancellationToken)
            .ConfigureAwait(false);
        if (plan is SkippedStage skipped)
        {
            (stage.State, stage.Reason, stage.EndTime) = (WorkflowState.Skipped, skipped.Reason, Now());
            await AppendAsync(log, stage, cancellationToken).ConfigureAwait(false);
            return;
        }

        var work = (StageWork)plan;
        (stage.Key, stage.Service, stage.Reason) = (work.Key, work.Service, work.Note);
        stage.EarlierServices.Add(work.EarlierServices);
        stage.Inputs.Add(work.Inputs.ToDictionary());
        if (await TryReuseAsync(log, stage, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        stage.State = WorkflowState.Running;
        await AppendAsync(log, stage, cancellationToken).ConfigureAwait(false);
        using var one = await cache.LockAsync(work.Key, cancellationToken).ConfigureAwait(false);
        // Another workflow of this process may have finished it meanwhile.
        if (await TryReuseAsync(log, stage, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var monitor = new StageMonitor(
            progress => Show(log, stage.Kind, progress),
            metrics => Show(log, stage.Kind, metrics),
            (service, token) => TakeOverAsync(log, stage, service, token),
            stoppedByUser);
        stage.Outputs.Add((await work.RunAsync(monitor, cancellationToken).ConfigureAwait(false)).ToDictionary());
        (stage.State, stage.EndTime) = (WorkflowState.Succeeded, Now());
        // The manifest first: an event that names a result must never be all that there is of it.
        await cache.SaveAsync(stage, cancellationToken).ConfigureAwait(false);
        await AppendAsync(log, stage, cancellationToken).ConfigureAwait(false);
    }

    // Durable before the work goes on: the next gateway must know who began, and the report who did what.
    private async Task TakeOverAsync(WorkflowLog log, Stage stage, ServiceInfo service, CancellationToken cancellationToken)
    {
        if (service.Equals(stage.Service))
        {
            return;
        }

        logger.LogInformation(
            "Workflow {Workflow}: {Stage} goes on with {Name} {Version} after {EarlierVersion}",
            log.Record.Id,
            stage.Kind,
            service.Name,
            service.Version,
            stage.Service.Version);
        stage.EarlierServices.Add(stage.Service);
        stage.Service = service;
        await AppendAsync(log, stage, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TryReuseAsync(WorkflowLog log, Stage stage, CancellationToken cancellationToken)
    {
        if (await cache.FindAsync(stage.Kind, stage.Key, cancellationToken).ConfigureAwait(false) is not { } finished)
        {
            return false;
        }

        var reused = stage.Clone();
        reused.Outputs.Clear();
        reused.Outputs.Add(finished.Outputs);
        reused.Service = finished.Service;
        reused.EarlierServices.Clear();
        reused.EarlierServices.Add(finished.EarlierServices);
        (reused.State, reused.Reused, reused.EndTime) = (WorkflowState.Succeeded, true, Now());
        await AppendAsync(log, reused, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task FailAsync(WorkflowLog log, Stage stage, Exception exception, CancellationToken cancellationToken)
    {
        logger.LogError(exception, "Workflow {Workflow}: {Stage} failed", log.Record.Id, stage.Kind);
        var error = ExceptionMapper.Map(exception);
        (stage.State, stage.Reason, stage.EndTime) = (WorkflowState.Failed, error.Message, Now());
        stage.Outputs.Clear();
        await AppendAsync(log, stage, cancellationToken).ConfigureAwait(false);
        await AppendEndAsync(
                log, new Workflow { State = WorkflowState.Failed, EndTime = Now(), Error = error }, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task AppendAsync(WorkflowLog log, Stage stage, CancellationToken cancellationToken)
    {
        await retry.RunAsync("appending an event", token => log.AppendAsync(stage, token), cancellationToken).ConfigureAwait(false);
        feeds.Publish(log.Record.Id, null);
    }

    private async Task AppendEndAsync(WorkflowLog log, Workflow end, CancellationToken cancellationToken)
    {
        await retry.RunAsync("appending the end", token => log.AppendEndAsync(end, token), cancellationToken).ConfigureAwait(false);
        feeds.Publish(log.Record.Id, null);
    }

    private void Show(WorkflowLog log, StageKind kind, Progress progress) =>
        feeds.Publish(log.Record.Id, Transient(log, new WatchWorkflowResponse
        {
            Progress = new StageProgress { Stage = kind, Progress = progress },
        }));

    private void Show(WorkflowLog log, StageKind kind, TrainingMetrics metrics) =>
        feeds.Publish(log.Record.Id, Transient(log, new WatchWorkflowResponse
        {
            Metrics = new StageMetrics { Stage = kind, Metrics = metrics },
        }));

    private WatchWorkflowResponse Transient(WorkflowLog log, WatchWorkflowResponse change)
    {
        (change.Sequence, change.Time) = (log.Workflow.LastSequence, Now());
        return change;
    }

    private Timestamp Now() => Timestamp.FromDateTimeOffset(time.GetUtcNow());
}

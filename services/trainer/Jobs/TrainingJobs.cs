using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Identifiers;
using IntraDA.Hosting.Telemetry;
using IntraDA.Learning.Devices;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Training;
using Microsoft.Extensions.Options;

namespace IntraDA.Trainer.Jobs;

/// <summary>Starts, runs and remembers jobs: a bounded queue, worked off by a few runners.</summary>
public sealed partial class TrainingJobs : BackgroundService, IHostedLifecycleService
{
    // Trainings take minutes to days: a caller that asks every half minute loses next to nothing and costs less.
    private static readonly TimeSpan QueueRetryDelay = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TrainingJob> _jobs = new(StringComparer.Ordinal);
    private readonly Queue<TrainingJob> _ended = new();
    // Unbounded: what bounds the queue is the number of unfinished jobs, so that a job cancelled while it waits makes room at once.
    private readonly Channel<TrainingJob> _waiting = Channel.CreateUnbounded<TrainingJob>();
    private readonly TrainingPlanner _planner;
    private readonly TrainingRun _run;
    private readonly TrainingRecords _records;
    private readonly TrainerOptions _options;
    private readonly TrainerRelease _release;
    private readonly ServiceTelemetry _telemetry;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<TrainingJobs> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _starting = new(1, 1);

    /// <summary>Creates the queue.</summary>
    /// <param name="planner">Checks specifications.</param>
    /// <param name="run">Carries plans out.</param>
    /// <param name="records">Remembers jobs.</param>
    /// <param name="options">Settings.</param>
    /// <param name="release">This trainer.</param>
    /// <param name="telemetry">Shows how jobs go, and how many there are.</param>
    /// <param name="timeProvider">Clock.</param>
    /// <param name="logger">Log.</param>
    public TrainingJobs(
        TrainingPlanner planner,
        TrainingRun run,
        TrainingRecords records,
        IOptions<TrainerOptions> options,
        TrainerRelease release,
        ServiceTelemetry telemetry,
        TimeProvider timeProvider,
        ILogger<TrainingJobs> logger)
    {
        (_planner, _run, _records, _options, _release, _timeProvider, _logger) =
            (planner, run, records, options.Value, release, timeProvider, logger);
        _telemetry = telemetry;
        telemetry.ObserveQueue("trainings", () => _jobs.Values.Count(job => job.IsUnfinished));
    }

    /// <summary>Starts a job, or finds the one that this request started before; a cancelled or interrupted one goes on.</summary>
    /// <param name="requestId">The request's id.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="cancellationToken">Cancels the start, not the job.</param>
    /// <returns>The job as it stands.</returns>
    /// <exception cref="ServiceException">ALREADY_EXISTS, INVALID_ARGUMENT or RESOURCE_EXHAUSTED.</exception>
    public async Task<Contracts.Trainer.V1.Training> StartAsync(string requestId, TrainingSpec spec, CancellationToken cancellationToken)
    {
        var id = TrainingIds.Of(requestId);
        // One start at a time, so that two of the same request do not both find no job.
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var known = _jobs.TryGetValue(id, out var running)
                ? running.Snapshot()
                : await _records.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (known is not null && !SameResult(known.Spec, spec))
            {
                throw new ServiceException(
                    StatusCode.AlreadyExists, "REQUEST_ID_REUSED", $"The request id '{requestId}' was used for another specification; choose a new one.");
            }

            if (known?.State is TrainingState.Succeeded or TrainingState.Running or TrainingState.Queued && (running is not null || known.State == TrainingState.Succeeded))
            {
                return known;
            }

            CheckMemory(await _planner.PlanAsync(spec, cancellationToken).ConfigureAwait(false));
            CheckDevice(spec);
            if (known is not null)
            {
                await CheckContinuableAsync(known, cancellationToken).ConfigureAwait(false);
            }

            return await EnqueueAsync(id, requestId, spec, known, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A job in memory.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The job, or null.</returns>
    public TrainingJob? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>A job in memory or on record.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The job as it stands.</returns>
    /// <exception cref="ServiceException">NOT_FOUND.</exception>
    public async Task<Contracts.Trainer.V1.Training> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (_jobs.TryGetValue(id, out var job))
        {
            return job.Snapshot();
        }

        var known = await _records.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw ServiceException.NotFound("training", id);
        if (known.State is not TrainingState.Succeeded)
        {
            // Its trainer is gone: starting the same request again goes on from the last checkpoint.
            known.State = TrainingState.Cancelled;
        }

        return known;
    }

    /// <summary>Stops all jobs, before the server waits for those who watch them.</summary>
    /// <param name="cancellationToken">Not used: jobs are told, not waited for.</param>
    /// <returns>A task that ends when all are told.</returns>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var job in _jobs.Values)
        {
            job.Dispose();
        }

        _stopping.Dispose();
        _starting.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, _options.ParallelJobs).Select(_ => Task.Run(RunJobsAsync, CancellationToken.None))
            .Append(Task.Run(() => SweepAsync(stoppingToken), CancellationToken.None)));

    private static bool SameResult(TrainingSpec known, TrainingSpec asked)
    {
        var (a, b) = (known.Clone(), asked.Clone());
        // The device does not enter the identity of a result.
        (a.Device, b.Device) = ("", "");
        return a.Equals(b);
    }

    // Said when the job is asked for, not when its turn comes: whoever replaced the trainer should learn it at once.
    private async Task CheckContinuableAsync(Contracts.Trainer.V1.Training known, CancellationToken cancellationToken)
    {
        if (known.Trainer is { } begunBy && !_release.MayContinue(begunBy))
        {
            throw ServiceException.FailedPrecondition(
                "TRAINER_INCOMPATIBLE",
                $"This job was begun by {begunBy.Name} {begunBy.Version}; {_release.Service.Name} {_release.Service.Version} goes on only with jobs of "
                + "its own name and major version. Start such a trainer again, or ask for the job under another request id.");
        }

        await _run.CheckResumableAsync(TrainingRecords.Prefix(known.Id), cancellationToken).ConfigureAwait(false);
    }

    // Memory that is not there ends the whole process, and every other job with it.
    private void CheckMemory(TrainingPlan plan)
    {
        var check = new RequestValidator();
        Within(plan.LabelledSize, "labelled_size");
        Within(plan.UnlabelledSize, "unlabelled_size");
        check.ThrowIfAny();

        void Within((int Width, int Height) size, string field) => check.Require(
            (long)plan.BatchSize * size.Width * size.Height <= _options.MaxBatchPixels,
            $"spec.options.{field}",
            $"A batch of {plan.BatchSize} images of {size.Width}x{size.Height} has more than {_options.MaxBatchPixels} pixels; use a smaller size or batch, or raise Trainer:MaxBatchPixels.");
    }

    private void CheckDevice(TrainingSpec spec)
    {
        try
        {
            TorchDevices.Resolve(DeviceOf(spec));
        }
        catch (NoSuchDeviceException e)
        {
            throw ServiceException.FailedPrecondition("NO_SUCH_DEVICE", e.Message);
        }
    }

    private TensorPlacement PlacementOf(TrainingSpec spec)
    {
        var placement = TorchDevices.Resolve(DeviceOf(spec));
        placement = placement with { FoldsDilations = placement.Device.type == TorchSharp.DeviceType.CPU };
        return _options.Precision == TrainerOptions.MixedPrecision ? placement with { Products = TorchSharp.torch.ScalarType.BFloat16 } : placement;
    }

    private string DeviceOf(TrainingSpec spec) => spec.Device is "" or "auto" ? _options.Device : spec.Device;

    private async Task<Contracts.Trainer.V1.Training> EnqueueAsync(
        string id, string requestId, TrainingSpec spec, Contracts.Trainer.V1.Training? known, CancellationToken cancellationToken)
    {
        if (_jobs.Values.Count(j => j.IsUnfinished) >= _options.QueueLength + _options.ParallelJobs)
        {
            throw new ServiceException(
                StatusCode.ResourceExhausted,
                ErrorReasons.QueueFull,
                $"{_options.ParallelJobs} trainings run and {_options.QueueLength} wait already; try again later, or raise Trainer:QueueLength.")
            {
                RetryAfter = QueueRetryDelay,
            };
        }

        var training = new Contracts.Trainer.V1.Training
        {
            Id = id,
            RequestId = requestId,
            Spec = spec,
            State = TrainingState.Queued,
            CreateTime = known?.CreateTime ?? Timestamp.FromDateTimeOffset(_timeProvider.GetUtcNow()),
            Trainer = _release.Service,
            Origin = OriginOf(known),
        };
        if (known is null)
        {
            await _records.TryRecordRequestAsync(training, cancellationToken).ConfigureAwait(false);
        }

        var job = new TrainingJob(training, _timeProvider, _stopping.Token);
        _jobs.TryGetValue(id, out var former);
        _jobs[id] = job;
        if (!_waiting.Writer.TryWrite(job))
        {
            // Only a service that is stopping takes no more jobs; the record stays for the next one.
            job.Cancel();
        }

        former?.Dispose();
        return job.Snapshot();
    }

    // The job outlives its call. One that goes on without a workflow's asking is still that workflow's.
    private static TrainingOrigin OriginOf(Contracts.Trainer.V1.Training? known)
    {
        var call = WorkOrigin.Current();
        return call.Workflow.Length == 0 && known?.Origin is { } former
            ? former
            : new TrainingOrigin { Traceparent = call.TraceParent, Workflow = call.Workflow, Stage = call.Stage };
    }

    private async Task RunJobsAsync()
    {
        await foreach (var job in _waiting.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (job.Snapshot().State == TrainingState.Queued)
            {
                await RunJobAsync(job).ConfigureAwait(false);
            }

            Retire(job);
        }
    }

    private async Task RunJobAsync(TrainingJob job)
    {
        var training = job.Snapshot();
        var spec = training.Spec;
        var origin = new WorkOrigin(training.Origin.Traceparent, training.Origin.Workflow, training.Origin.Stage);
        using var span = _telemetry.BeginWork("training", origin);
        using var scope = _logger.BeginScope(origin.Ids);
        var prefix = TrainingRecords.Prefix(job.Id);
        try
        {
            LogStarted(job.Id, spec.Architecture, spec.Options.Method);
            var plan = await _planner.PlanAsync(spec, job.Cancellation).ConfigureAwait(false);
            var result = await _run.RunAsync(plan, PlacementOf(spec), prefix, new CountedTraining(job, _telemetry), job.Cancellation).ConfigureAwait(false);
            var finished = job.Snapshot();
            (finished.State, finished.Result) = (TrainingState.Succeeded, result);
            await _records.RecordResultAsync(finished, CancellationToken.None).ConfigureAwait(false);
            await CleanAsync(job.Id, prefix, result).ConfigureAwait(false);
            job.Finish(TrainingState.Succeeded, result, error: null);
            LogFinished(job.Id, result.Seconds, result.ResumedFrom);
        }
        catch (OperationCanceledException)
        {
            job.Finish(TrainingState.Cancelled, result: null, error: null);
            LogCancelled(job.Id);
        }
        catch (Exception e)
        {
            var error = ExceptionMapper.Map(e);
            span.SetStatus(System.Diagnostics.ActivityStatusCode.Error, error.Message);
            job.Finish(TrainingState.Failed, result: null, error);
            LogFailed(e, job.Id, (Code)error.Code);
        }
        finally
        {
            NativeHeap.GiveBack();
        }
    }

    // The result counts once it is recorded: what is left over costs room, and no more.
    private async Task CleanAsync(string id, string prefix, TrainingResult result)
    {
        try
        {
            await _run.CleanAsync(prefix, result, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ArtifactStoreException e)
        {
            LogNotCleaned(id, e.Message);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var left in await _records.ListLeftAsync(cancellationToken).ConfigureAwait(false))
            {
                await CleanAsync(left.Id, TrainingRecords.Prefix(left.Id), left.Result).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ArtifactStoreException or OperationCanceledException)
        {
            LogNotSwept(e.Message);
        }
    }

    private void Retire(TrainingJob job)
    {
        lock (_ended)
        {
            _ended.Enqueue(job);
            while (_ended.Count > _options.EndedJobs)
            {
                var oldest = _ended.Dequeue();
                // A later start of the same request may have taken its place.
                if (_jobs.TryRemove(new(oldest.Id, oldest)))
                {
                    oldest.Dispose();
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Training {Id} begins: {Method} on {Architecture}")]
    private partial void LogStarted(string id, string architecture, AdaptationMethod method);

    [LoggerMessage(2, LogLevel.Information, "Training {Id} is done after {Seconds:F1} s, from iteration {ResumedFrom}")]
    private partial void LogFinished(string id, double seconds, long resumedFrom);

    [LoggerMessage(3, LogLevel.Information, "Training {Id} was cancelled; its checkpoint stays")]
    private partial void LogCancelled(string id);

    [LoggerMessage(4, LogLevel.Error, "Training {Id} failed with {Code}")]
    private partial void LogFailed(Exception exception, string id, Code code);

    [LoggerMessage(5, LogLevel.Warning, "Training {Id} is done, but its checkpoints could not be removed; the next start of a trainer does that: {Reason}")]
    private partial void LogNotCleaned(string id, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Checkpoints that earlier trainings left could not be looked for: {Reason}")]
    private partial void LogNotSwept(string reason);
}

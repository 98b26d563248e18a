using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Learning;
using MinEntTrainer.Service;
using MinEntTrainer.Store;

namespace MinEntTrainer.Jobs;

/// <summary>Starts jobs, does one after the other, and knows those that were done.</summary>
/// <param name="records">Jobs on record.</param>
/// <param name="run">Does them.</param>
/// <param name="store">Holds their checkpoints.</param>
/// <param name="settings">Length of the queue.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed class JobQueue(JobRecords records, TrainingRun run, IStore store, Settings settings, TimeProvider time, ILogger<JobQueue> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Channel<Job> _waiting = Channel.CreateUnbounded<Job>();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>What this trainer is and can do.</summary>
    public GetServiceInfoResponse Info { get; } = Identity.Describe();

    /// <summary>Starts a job, or finds the one that its request started; one that did not end goes on from its checkpoint.</summary>
    /// <param name="requestId">The request's id.</param>
    /// <param name="spec">What to do, all options set.</param>
    /// <param name="cancellationToken">Cancels the start, not the job.</param>
    /// <returns>The job.</returns>
    /// <exception cref="Refusal">ALREADY_EXISTS, FAILED_PRECONDITION, RESOURCE_EXHAUSTED, INVALID_ARGUMENT.</exception>
    public async Task<Training> StartAsync(string requestId, TrainingSpec spec, CancellationToken cancellationToken)
    {
        var id = JobRecords.IdOf(requestId);
        // One at a time: two starts of one request must not both find no job.
        await _starting.WaitAsync(cancellationToken);
        try
        {
            var former = _jobs.GetValueOrDefault(id);
            var known = former?.Snapshot() ?? await records.FindAsync(id, cancellationToken);
            if (known is not null && !IsSame(known.Spec, spec))
            {
                throw new Refusal(StatusCode.AlreadyExists, "REQUEST_ID_REUSED", $"The request id '{requestId}' stands for another specification; choose a new one.");
            }

            if (known?.State == TrainingState.Succeeded || former is { IsUnfinished: true })
            {
                return known!;
            }

            await run.OpenSetsAsync(spec, cancellationToken);
            if (known is not null)
            {
                await CheckContinuableAsync(known, cancellationToken);
            }

            if (_jobs.Values.Count(job => job.IsUnfinished) > settings.QueueLength)
            {
                throw new Refusal(StatusCode.ResourceExhausted, "QUEUE_FULL", $"{settings.QueueLength} trainings wait already; ask again later, or raise QueueLength.")
                {
                    RetryAfter = AskAgain,
                };
            }

            return await EnqueueAsync(id, requestId, spec, known, former, cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A job in memory.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The job, or null.</returns>
    public Job? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>A job in memory or on record.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The job; CANCELLED where its trainer was gone before it ended.</returns>
    /// <exception cref="Refusal">NOT_FOUND.</exception>
    public async Task<Training> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is { } job)
        {
            return job.Snapshot();
        }

        var known = await records.FindAsync(id, cancellationToken)
            ?? throw new Refusal(StatusCode.NotFound, "NOT_FOUND", $"There is no training '{id}'.");
        known.State = known.State == TrainingState.Succeeded ? known.State : TrainingState.Cancelled;
        return known;
    }

    /// <summary>Stops all jobs, before the server waits for those who watch them.</summary>
    /// <param name="cancellationToken">Not used: jobs are told, not waited for.</param>
    /// <returns>A task that ends when all are told.</returns>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
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
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        async () =>
        {
            // Not by the token: the job that runs keeps a checkpoint first.
            await foreach (var job in _waiting.Reader.ReadAllAsync(CancellationToken.None))
            {
                if (job.Snapshot().State == TrainingState.Queued)
                {
                    await DoAsync(job);
                }
            }
        },
        CancellationToken.None);

    private static bool IsSame(TrainingSpec known, TrainingSpec asked)
    {
        var (a, b) = (known.Clone(), asked.Clone());
        (a.Device, b.Device) = ("", "");
        return a.Equals(b);
    }

    private static string MajorOf(ServiceInfo service) => service.Version.Split('.')[0];

    private async Task CheckContinuableAsync(Training known, CancellationToken cancellationToken)
    {
        var (begunBy, self) = (known.Trainer, Identity.Self);
        if (MajorOf(begunBy) != MajorOf(self))
        {
            throw new Refusal(
                StatusCode.FailedPrecondition,
                "TRAINER_INCOMPATIBLE",
                $"This job was begun by {begunBy.Name} {begunBy.Version}, and {self.Version} goes on only with jobs of its own major version; start such a trainer again.");
        }

        await new CheckpointStore(store, JobRecords.Prefix(known.Id)).FindAsync(cancellationToken);
    }

    private async Task<Training> EnqueueAsync(
        string id, string requestId, TrainingSpec spec, Training? known, Job? former, CancellationToken cancellationToken)
    {
        var training = new Training
        {
            Id = id,
            RequestId = requestId,
            Spec = spec,
            State = TrainingState.Queued,
            CreateTime = known?.CreateTime ?? Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            Trainer = Identity.Self,
        };
        await records.RequestAsync(training, cancellationToken);
        var job = new Job(training, time, _stopping.Token);
        _jobs[id] = job;
        if (!_waiting.Writer.TryWrite(job))
        {
            // The service is ending; the next one finds the request on record.
            job.Cancel();
        }

        former?.Dispose();
        return job.Snapshot();
    }

    private async Task DoAsync(Job job)
    {
        try
        {
            logger.LogInformation("Training {Id} begins: {Method}", job.Id, job.Spec.Options.Method);
            var result = await run.RunAsync(job);
            var done = job.Snapshot();
            (done.State, done.Result) = (TrainingState.Succeeded, result);
            await records.ResultAsync(done, CancellationToken.None);
            await ClearAsync(job.Id);
            job.End(TrainingState.Succeeded, result);
            logger.LogInformation("Training {Id} is done after {Seconds:F1} s, from iteration {ResumedFrom}", job.Id, result.Seconds, result.ResumedFrom);
        }
        catch (OperationCanceledException)
        {
            job.End(TrainingState.Cancelled);
            logger.LogInformation("Training {Id} was stopped; its checkpoint stays", job.Id);
        }
        catch (Exception e)
        {
            job.End(TrainingState.Failed, error: Refusal.StatusOf(e));
            logger.LogError(e, "Training {Id} failed", job.Id);
        }
    }

    // The result counts: what is left over costs room only.
    private async Task ClearAsync(string id)
    {
        try
        {
            await new CheckpointStore(store, JobRecords.Prefix(id)).ClearAsync(CancellationToken.None);
        }
        catch (Refusal e)
        {
            logger.LogWarning("Training {Id} is done, but its checkpoints could not be removed: {Reason}", id, e.Message);
        }
    }
}

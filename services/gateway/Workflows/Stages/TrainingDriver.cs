using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Trainers;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Identifiers;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Has a trainer do a job and stays with it through lost connections and restarts of either side.</summary>
internal sealed class TrainingDriver(TrainerDirectory trainers, StepRetry retry, TimeProvider time, ILogger<TrainingDriver> logger)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(2);

    /// <summary>Starts, or finds, the job of a key and follows it to its end, with another trainer where that may go on with it.</summary>
    /// <exception cref="ServiceException">The job failed, in the trainer's own words; or no trainer that is there may go on with it.</exception>
    public async Task<TrainingResult> RunAsync(
        TrainerWish wish, ServiceInfo begunBy, string key, TrainingSpec spec, StageMonitor monitor, CancellationToken cancellationToken)
    {
        var job = new Job();
        try
        {
            return await retry
                .RunAsync(
                    $"training {key[..12]}",
                    (onProgress, token) => FollowAsync(wish, begunBy, key, spec, job, monitor, onProgress, token),
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (monitor.StoppedByUser() && job is { Id: not null, Trainer: not null })
            {
                await CancelAsync(trainers.Client(job.Trainer), job.Id).ConfigureAwait(false);
            }

            throw;
        }
        catch (RpcException e)
        {
            throw Failures.Explain(e, "trainer", job.Trainer?.Address ?? begunBy.Name);
        }
    }

    /// <summary>Stops the job of a key that nobody here follows: its gateway died, and then a user stopped the workflow.</summary>
    public Task AbandonAsync(string key) =>
        Task.WhenAll(trainers.Entries.Select(trainer => CancelAsync(trainers.Client(trainer), TrainingIds.Of(key))));

    private async Task<TrainingResult> FollowAsync(
        TrainerWish wish,
        ServiceInfo begunBy,
        string key,
        TrainingSpec spec,
        Job job,
        StageMonitor monitor,
        Action onProgress,
        CancellationToken cancellationToken)
    {
        // Each time anew: whoever answered before the connection broke may have been replaced.
        job.Trainer = await trainers.ResolveToContinueAsync(wish, begunBy, cancellationToken).ConfigureAwait(false);
        var client = trainers.Client(job.Trainer);
        var training = await StartAsync(client, key, spec, cancellationToken).ConfigureAwait(false);
        job.Id = training.Id;
        await monitor.OnService(training.Trainer ?? job.Trainer.Info!.Service, cancellationToken).ConfigureAwait(false);
        if (training.State == TrainingState.Succeeded)
        {
            return training.Result;
        }

        if (training.State == TrainingState.Queued && !job.HasFailed)
        {
            // Waiting for one's turn is no trouble, however often the connection breaks meanwhile.
            onProgress();
        }

        using var watch = client.WatchTraining(
            new WatchTrainingRequest { TrainingId = training.Id, AfterIteration = job.LastIteration },
            cancellationToken: cancellationToken);
        while (await watch.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var message = watch.ResponseStream.Current;
            switch (message.EventCase)
            {
                case WatchTrainingResponse.EventOneofCase.Progress:
                    monitor.OnProgress(message.Progress);
                    break;
                case WatchTrainingResponse.EventOneofCase.Metrics when message.Metrics.Iteration > job.LastIteration:
                    job.LastIteration = message.Metrics.Iteration;
                    job.HasFailed = false;
                    onProgress();
                    monitor.OnMetrics(message.Metrics);
                    break;
                case WatchTrainingResponse.EventOneofCase.Finished:
                    job.HasFailed = message.Finished.State == TrainingState.Failed;
                    return ResultOf(message.Finished);
                default:
                    break;
            }
        }

        throw new StepInterruptedException("the trainer ended the stream before the job");
    }

    private static TrainingResult ResultOf(Training training) => training.State switch
    {
        TrainingState.Succeeded => training.Result,
        TrainingState.Failed when training.Error is { } error => throw new ServiceException(
            (StatusCode)error.Code,
            RpcErrors.ReadReason(error) is { Length: > 0 } reason ? reason : "TRAINING_FAILED",
            error.Message,
            RpcErrors.ReadViolations(error)),
        TrainingState.Failed => throw new ServiceException(
            StatusCode.Internal, "TRAINING_FAILED", $"The training {training.Id} failed and did not say why; see the trainer's log."),
        // Somebody else gave the job up: it is still wanted here, and goes on from its checkpoint.
        _ => throw new StepInterruptedException($"the job ended as {training.State}"),
    };

    private async Task<Training> StartAsync(
        TrainerService.TrainerServiceClient client, string key, TrainingSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(key).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // The same result was once asked for with another device or in other artefacts of equal bytes; the key does not tell
            // these apart, a request id must.
            return await CallAsync($"{key}-{Convert.ToHexStringLower(SHA256.HashData(spec.ToByteArray()))[..8]}").ConfigureAwait(false);
        }

        async Task<Training> CallAsync(string requestId)
        {
            var reply = await client
                .StartTrainingAsync(
                    new StartTrainingRequest { RequestId = requestId, Spec = spec },
                    deadline: time.GetUtcNow().UtcDateTime + AnswerLimit,
                    cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return reply.Training;
        }
    }

    private async Task CancelAsync(TrainerService.TrainerServiceClient client, string id)
    {
        try
        {
            await client
                .CancelTrainingAsync(
                    new CancelTrainingRequest { TrainingId = id },
                    deadline: time.GetUtcNow().UtcDateTime + CancelLimit,
                    cancellationToken: CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // Not this trainer's, or not yet begun.
        }
        catch (RpcException e)
        {
            logger.LogWarning("The trainer could not be told to stop {Training}: {Reason}", id, e.Status.Detail);
        }
    }

    private sealed class Job
    {
        public string? Id { get; set; }

        public TrainerEntry? Trainer { get; set; }

        public long LastIteration { get; set; }

        /// <summary>Whether the job itself failed since its last iteration.</summary>
        public bool HasFailed { get; set; }
    }
}

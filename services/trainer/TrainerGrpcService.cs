using Grpc.Core;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Devices;
using IntraDA.Trainer.Jobs;
using Microsoft.Extensions.Options;

namespace IntraDA.Trainer;

/// <summary>The trainer's RPCs.</summary>
/// <param name="queue">Jobs.</param>
/// <param name="records">Jobs on record.</param>
/// <param name="capabilities">What this trainer can do.</param>
/// <param name="timeProvider">Clock.</param>
/// <param name="options">Settings.</param>
public sealed class TrainerGrpcService(
    TrainingJobs queue, TrainingRecords records, TrainerCapabilities capabilities, TimeProvider timeProvider, IOptions<TrainerOptions> options)
    : TrainerService.TrainerServiceBase
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public override async Task<StartTrainingResponse> StartTraining(StartTrainingRequest request, ServerCallContext context)
    {
        var check = new RequestValidator();
        check.Require(IsRequestId(request.RequestId), "request_id", "1 to 128 characters of [a-z0-9._-] are needed.");
        check.Require(request.Spec is not null, "spec", "A specification is needed.");
        check.ThrowIfAny();
        return new StartTrainingResponse
        {
            Training = await queue.StartAsync(request.RequestId, request.Spec!, context.CancellationToken).ConfigureAwait(false),
        };
    }

    /// <inheritdoc />
    public override async Task<GetTrainingResponse> GetTraining(GetTrainingRequest request, ServerCallContext context) =>
        new() { Training = await queue.GetAsync(request.TrainingId, context.CancellationToken).ConfigureAwait(false) };

    /// <inheritdoc />
    public override async Task<ListTrainingsResponse> ListTrainings(ListTrainingsRequest request, ServerCallContext context)
    {
        var check = new RequestValidator();
        var size = check.RequirePageSize(request.PageSize);
        check.ThrowIfAny();
        var trainings = new List<Contracts.Trainer.V1.Training>();
        foreach (var id in await records.ListIdsAsync(context.CancellationToken).ConfigureAwait(false))
        {
            trainings.Add(await queue.GetAsync(id, context.CancellationToken).ConfigureAwait(false));
        }

        var ordered = trainings.OrderByDescending(t => t.CreateTime).ThenBy(t => t.Id, StringComparer.Ordinal).ToList();
        var start = request.PageToken.Length == 0 ? 0 : ordered.FindIndex(t => t.Id == request.PageToken);
        if (start < 0)
        {
            throw ServiceException.InvalidArgument("page_token", "The token is not one that this service gave; begin again without it.");
        }

        var response = new ListTrainingsResponse();
        response.Trainings.AddRange(ordered.Skip(start).Take(size));
        response.NextPageToken = start + size < ordered.Count ? ordered[start + size].Id : "";
        return response;
    }

    /// <inheritdoc />
    public override async Task WatchTraining(
        WatchTrainingRequest request, IServerStreamWriter<WatchTrainingResponse> responseStream, ServerCallContext context)
    {
        var token = context.CancellationToken;
        if (queue.Find(request.TrainingId) is not { } job)
        {
            var recorded = await queue.GetAsync(request.TrainingId, token).ConfigureAwait(false);
            if (request.AfterIteration >= 0)
            {
                foreach (var metrics in await records.ReadCurvesAsync(recorded, request.AfterIteration, token).ConfigureAwait(false))
                {
                    await responseStream.WriteAsync(new WatchTrainingResponse { Metrics = metrics }, token).ConfigureAwait(false);
                }
            }

            await responseStream.WriteAsync(new WatchTrainingResponse { Finished = recorded }, token).ConfigureAwait(false);
            return;
        }

        var seen = request.AfterIteration < 0 ? job.Snapshot().Iteration : request.AfterIteration;
        var lastProgress = long.MinValue;
        while (true)
        {
            var change = job.NextChange();
            var snapshot = job.Snapshot();
            // Where nothing is to be replayed, that goes for what a job that still waited has behind it from an earlier run, too.
            seen = request.AfterIteration < 0 ? Math.Max(seen, job.StartedFrom) : seen;
            foreach (var metrics in job.MetricsAfter(seen))
            {
                await responseStream.WriteAsync(new WatchTrainingResponse { Metrics = metrics }, token).ConfigureAwait(false);
                seen = metrics.Iteration;
            }

            if (lastProgress == long.MinValue || timeProvider.GetElapsedTime(lastProgress) >= ProgressInterval)
            {
                await responseStream.WriteAsync(new WatchTrainingResponse { Progress = job.Progress() }, token).ConfigureAwait(false);
                lastProgress = timeProvider.GetTimestamp();
            }

            if (snapshot.State is TrainingState.Succeeded or TrainingState.Failed or TrainingState.Cancelled)
            {
                await responseStream.WriteAsync(new WatchTrainingResponse { Finished = snapshot }, token).ConfigureAwait(false);
                return;
            }

            await change.WaitAsync(token).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public override async Task<CancelTrainingResponse> CancelTraining(CancelTrainingRequest request, ServerCallContext context)
    {
        queue.Find(request.TrainingId)?.Cancel();
        return new CancelTrainingResponse { Training = await queue.GetAsync(request.TrainingId, context.CancellationToken).ConfigureAwait(false) };
    }

    /// <inheritdoc />
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context)
    {
        var response = new GetServiceInfoResponse
        {
            Service = capabilities.Self,
            CheckpointFormat = capabilities.CheckpointFormat,
            Device = TorchDevices.Resolve(options.Value.Device).Device.ToString(),
        };
        response.Architectures.AddRange(capabilities.Architectures);
        response.Methods.AddRange(
            Enum.GetValues<AdaptationMethod>().Where(m => m != AdaptationMethod.Unspecified));
        return Task.FromResult(response);
    }

    private static bool IsRequestId(string id) =>
        id.Length is >= 1 and <= 128 && id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-');
}

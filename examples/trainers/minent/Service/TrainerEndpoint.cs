using Grpc.Core;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Jobs;

namespace MinEntTrainer.Service;

/// <summary>The contract's methods.</summary>
/// <param name="queue">Jobs.</param>
/// <param name="records">Jobs on record.</param>
/// <param name="time">Clock.</param>
internal sealed class TrainerEndpoint(JobQueue queue, JobRecords records, TimeProvider time) : TrainerService.TrainerServiceBase
{
    private const int DefaultPage = 50;
    private const int LargestPage = 500;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(queue.Info.Clone());

    /// <inheritdoc />
    public override async Task<StartTrainingResponse> StartTraining(StartTrainingRequest request, ServerCallContext context)
    {
        var filled = SpecRules.Fill(request);
        return new StartTrainingResponse { Training = await queue.StartAsync(request.RequestId, filled, context.CancellationToken) };
    }

    /// <inheritdoc />
    public override async Task<GetTrainingResponse> GetTraining(GetTrainingRequest request, ServerCallContext context) =>
        new() { Training = await queue.GetAsync(request.TrainingId, context.CancellationToken) };

    /// <inheritdoc />
    public override async Task<ListTrainingsResponse> ListTrainings(ListTrainingsRequest request, ServerCallContext context)
    {
        if (request.PageSize < 0)
        {
            throw SpecRules.Bad("page_size", "It is 0 to 500.");
        }

        var all = new List<Training>();
        foreach (var id in await records.ListIdsAsync(context.CancellationToken))
        {
            all.Add(await queue.GetAsync(id, context.CancellationToken));
        }

        all = [.. all.OrderByDescending(t => t.CreateTime).ThenBy(t => t.Id, StringComparer.Ordinal)];
        var start = request.PageToken.Length == 0 ? 0 : all.FindIndex(t => t.Id == request.PageToken);
        if (start < 0)
        {
            throw SpecRules.Bad("page_token", "It is none that this trainer gave; begin again without it.");
        }

        var size = Math.Min(request.PageSize == 0 ? DefaultPage : request.PageSize, LargestPage);
        var page = new ListTrainingsResponse { NextPageToken = start + size < all.Count ? all[start + size].Id : "" };
        page.Trainings.AddRange(all.Skip(start).Take(size));
        return page;
    }

    /// <inheritdoc />
    public override async Task WatchTraining(
        WatchTrainingRequest request, IServerStreamWriter<WatchTrainingResponse> responseStream, ServerCallContext context)
    {
        var token = context.CancellationToken;
        if (queue.Find(request.TrainingId) is not { } job)
        {
            await ReplayAsync(request, responseStream, token);
            return;
        }

        // -1 replays nothing: what the job has behind it when the watch begins.
        var seen = request.AfterIteration < 0 ? job.Snapshot().Iteration : request.AfterIteration;
        long? told = null;
        while (true)
        {
            // Taken first, so that no change between the look and the wait is missed.
            var change = job.NextChange();
            var snapshot = job.Snapshot();
            foreach (var metrics in job.Curves.After(request.AfterIteration < 0 ? Math.Max(seen, job.StartedFrom) : seen))
            {
                await responseStream.WriteAsync(new WatchTrainingResponse { Metrics = metrics }, token);
                seen = metrics.Iteration;
            }

            if (told is null || time.GetElapsedTime(told.Value) >= ProgressInterval)
            {
                await responseStream.WriteAsync(new WatchTrainingResponse { Progress = job.Progress() }, token);
                told = time.GetTimestamp();
            }

            if (snapshot.State is TrainingState.Succeeded or TrainingState.Failed or TrainingState.Cancelled)
            {
                await responseStream.WriteAsync(new WatchTrainingResponse { Finished = snapshot }, token);
                return;
            }

            await change.WaitAsync(token);
        }
    }

    /// <inheritdoc />
    public override async Task<CancelTrainingResponse> CancelTraining(CancelTrainingRequest request, ServerCallContext context)
    {
        queue.Find(request.TrainingId)?.Cancel();
        return new CancelTrainingResponse { Training = await queue.GetAsync(request.TrainingId, context.CancellationToken) };
    }

    private async Task ReplayAsync(WatchTrainingRequest request, IServerStreamWriter<WatchTrainingResponse> stream, CancellationToken token)
    {
        var recorded = await queue.GetAsync(request.TrainingId, token);
        if (request.AfterIteration >= 0)
        {
            foreach (var metrics in (await records.CurvesOfAsync(recorded, token)).After(request.AfterIteration))
            {
                await stream.WriteAsync(new WatchTrainingResponse { Metrics = metrics }, token);
            }
        }

        await stream.WriteAsync(new WatchTrainingResponse { Finished = recorded }, token);
    }
}

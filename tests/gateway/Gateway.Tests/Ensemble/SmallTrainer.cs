using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Tests.Ensemble;

/// <summary>A trainer that is not ours: keeps the contract, learns nothing. Its weights are a digest of what it was asked for.</summary>
internal sealed class SmallTrainer(TrainerBehaviour behaviour, IArtifactStore store) : TrainerService.TrainerServiceBase
{
    private readonly ConcurrentDictionary<string, Job> _jobs = new();

    public override Task<StartTrainingResponse> StartTraining(StartTrainingRequest request, ServerCallContext context)
    {
        var job = _jobs.AddOrUpdate(
            request.RequestId,
            _ => new Job(request.Spec),
            (_, old) => old.Task.IsFaulted || old.Task.IsCanceled ? new Job(request.Spec) : old);
        if (!job.Spec.Equals(request.Spec))
        {
            throw new ServiceException(StatusCode.AlreadyExists, "REQUEST_ID_IN_USE", "Another spec has this id.");
        }

        job.Start(() => TrainAsync(request.RequestId, job));
        return Task.FromResult(new StartTrainingResponse { Training = Describe(request.RequestId, job) });
    }

    public override async Task WatchTraining(
        WatchTrainingRequest request, IServerStreamWriter<WatchTrainingResponse> responseStream, ServerCallContext context)
    {
        var job = _jobs[request.TrainingId];
        var iterations = Math.Min(job.Spec.Options.Iterations, 3);
        for (var i = request.AfterIteration + 1; i <= iterations; i++)
        {
            var metrics = new TrainingMetrics { Iteration = i };
            metrics.Terms["seg_main"] = 1.0 / i;
            await responseStream.WriteAsync(new WatchTrainingResponse { Metrics = metrics }, context.CancellationToken);
        }

        await responseStream.WriteAsync(
            new WatchTrainingResponse { Progress = new Progress { Activity = "training", Done = 1, Total = 3, Unit = "iteration" } },
            context.CancellationToken);
        await Task.WhenAny(job.Task, Task.Delay(Timeout.Infinite, context.CancellationToken));
        context.CancellationToken.ThrowIfCancellationRequested();
        await responseStream.WriteAsync(
            new WatchTrainingResponse { Finished = Describe(request.TrainingId, job) }, context.CancellationToken);
    }

    public override Task<CancelTrainingResponse> CancelTraining(CancelTrainingRequest request, ServerCallContext context)
    {
        if (!_jobs.TryGetValue(request.TrainingId, out var job))
        {
            throw new RpcException(new Status(StatusCode.NotFound, request.TrainingId));
        }

        behaviour.Cancelled.Enqueue(request.TrainingId);
        job.Stop.Cancel();
        return Task.FromResult(new CancelTrainingResponse { Training = Describe(request.TrainingId, job) });
    }

    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context)
    {
        var info = new GetServiceInfoResponse
        {
            Service = new ServiceInfo { Name = "small-trainer", Version = behaviour.Version, Build = behaviour.Version },
            CheckpointFormat = "none/1",
            Device = "cpu",
        };
        info.Methods.AddRange([AdaptationMethod.SourceOnly, AdaptationMethod.Advent, AdaptationMethod.ReEstimateNormalization]);
        info.Architectures.Add(new Architecture { Name = "compact", Parameters = 1, RunningStatistics = behaviour.RunningStatistics });
        return Task.FromResult(info);
    }

    private async Task<TrainingResult> TrainAsync(string id, Job job)
    {
        await Task.Yield();
        await behaviour.OnTrain(job.Spec, job.Stop.Token);
        var comparable = job.Spec.Clone();
        comparable.Device = "";
        var text = Convert.ToHexStringLower(SHA256.HashData(comparable.ToByteArray()));
        behaviour.Trained.Enqueue(job.Spec);
        return new TrainingResult
        {
            Weights = await store.PutBytesAsync(
                $"trainings/{id}/weights.safetensors", Encoding.UTF8.GetBytes(text), "application/octet-stream", job.Stop.Token),
            Curves = await store.PutBytesAsync(
                $"trainings/{id}/curves.jsonl",
                "{\"iteration\": 1, \"seg_main\": 2.0}\n{\"iteration\": 2, \"seg_main\": 1.0}\n"u8.ToArray(),
                "application/jsonl",
                job.Stop.Token),
            Seconds = 0.1,
        };
    }

    private static Training Describe(string id, Job job)
    {
        var training = new Training { Id = id, RequestId = id, Spec = job.Spec, State = TrainingState.Running };
        if (job.Task.IsCompletedSuccessfully)
        {
            (training.State, training.Result) = (TrainingState.Succeeded, job.Task.Result);
        }
        else if (job.Task.IsCanceled)
        {
            training.State = TrainingState.Cancelled;
        }
        else if (job.Task.IsFaulted)
        {
            (training.State, training.Error) = (TrainingState.Failed, ExceptionMapper.Map(job.Task.Exception!.InnerException!));
        }

        return training;
    }

    private sealed class Job(TrainingSpec spec)
    {
        private readonly TaskCompletionSource<TrainingResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _started;

        public TrainingSpec Spec { get; } = spec;

        public CancellationTokenSource Stop { get; } = new();

        public Task<TrainingResult> Task => _result.Task;

        public void Start(Func<Task<TrainingResult>> train)
        {
            if (Interlocked.Exchange(ref _started, 1) == 0)
            {
                _ = train().ContinueWith(
                    t => _ = t.IsCanceled ? _result.TrySetCanceled() : t.IsFaulted ? _result.TrySetException(t.Exception!.InnerException!) : _result.TrySetResult(t.Result),
                    TaskScheduler.Default);
            }
        }
    }
}

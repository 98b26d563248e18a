using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Labels;
using GetServiceInfoRequest = IntraDA.Contracts.Gateway.V1.GetServiceInfoRequest;
using GetServiceInfoResponse = IntraDA.Contracts.Gateway.V1.GetServiceInfoResponse;
using StreamPredictRequest = IntraDA.Contracts.Gateway.V1.StreamPredictRequest;
using StreamPredictResponse = IntraDA.Contracts.Gateway.V1.StreamPredictResponse;

namespace IntraDA.Cli.Tests.Fakes;

/// <summary>A gateway that keeps the contract with results made up in memory: no network is behind it.</summary>
internal sealed class FakeGateway : GatewayService.GatewayServiceBase
{
    public ConcurrentDictionary<string, byte[]> Store { get; } = new();

    public ConcurrentDictionary<string, RegisterDatasetRequest> Datasets { get; } = new();

    public ConcurrentQueue<CreateWorkflowRequest> Created { get; } = new();

    /// <summary>Specs that were only to be checked.</summary>
    public ConcurrentQueue<WorkflowSpec> Checked { get; } = new();

    public ConcurrentQueue<Contracts.Gateway.V1.RankRequest> Ranked { get; } = new();

    public ConcurrentQueue<ulong> WatchedAfter { get; } = new();

    /// <summary>Networks that were asked to predict or to be evaluated.</summary>
    public ConcurrentQueue<WorkflowModel> Models { get; } = new();

    public ConcurrentQueue<string> Cancelled { get; } = new();

    /// <summary>Events of every workflow; the last durable one decides its state.</summary>
    public List<WatchWorkflowResponse> Events { get; } = [];

    /// <summary>How often a watch is cut after two events.</summary>
    public int CutWatches { get; set; }

    /// <summary>Set where a watch is to stay open without news.</summary>
    public bool WatchHangs { get; set; }

    /// <summary>Makes the workflow of a request, final or not; null: every request is <see cref="Workflow"/>. A request id makes one.</summary>
    public Func<CreateWorkflowRequest, Workflow>? OnCreate { get; set; }

    /// <summary>What <see cref="OnCreate"/> made, by request id.</summary>
    public ConcurrentDictionary<string, Workflow> Made { get; } = new();

    public ConcurrentQueue<string> Resumed { get; } = new();

    /// <summary>Told the id of each workflow that is watched, before the first event.</summary>
    public Action<string>? OnWatch { get; set; }

    public string Build { get; set; } = "1.0.0+fake";

    /// <summary>Classes of every data set.</summary>
    public ClassSet Classes { get; } = new() { Names = { "road", "car" }, Palette = ByteString.CopyFrom(200, 0, 0, 0, 0, 200), RareTrainIds = { 1 } };

    public Workflow Workflow { get; } = new() { Id = "wf-1", State = WorkflowState.Succeeded, Spec = new WorkflowSpec { Title = "fake" } };

    public Artifact Put(string key, byte[] content, string mediaType)
    {
        Store[key] = content;
        return new Artifact
        {
            Key = key,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            SizeBytes = content.Length,
            MediaType = mediaType,
        };
    }

    public override Task<CreateWorkflowResponse> CreateWorkflow(CreateWorkflowRequest request, ServerCallContext context)
    {
        if (request.ValidateOnly)
        {
            Checked.Enqueue(request.Spec);
        }
        else
        {
            Created.Enqueue(request);
        }

        if (request.Spec.Architecture == "unknown")
        {
            var status = new Google.Rpc.Status
            {
                Code = (int)StatusCode.InvalidArgument,
                Message = "the workflow cannot be created",
                Details =
                {
                    Any.Pack(new ErrorInfo { Reason = "INVALID_SPEC", Domain = "intrada" }),
                    Any.Pack(new BadRequest
                    {
                        FieldViolations =
                        {
                            new BadRequest.Types.FieldViolation { Field = "spec.architecture", Description = "is \"unknown\"; use compact" },
                        },
                    }),
                },
            };
            throw status.ToRpcException();
        }

        return Task.FromResult(request.ValidateOnly ? new CreateWorkflowResponse() : new CreateWorkflowResponse
        {
            Workflow = OnCreate is null
                ? new Workflow { Id = Workflow.Id, State = WorkflowState.Pending }
                : Made.GetOrAdd(request.RequestId, _ => OnCreate(request)),
        });
    }

    public override Task<GetWorkflowResponse> GetWorkflow(GetWorkflowRequest request, ServerCallContext context) =>
        Made.Values.Append(Workflow).FirstOrDefault(workflow => workflow.Id == request.WorkflowId) is { } found
            ? Task.FromResult(new GetWorkflowResponse { Workflow = found })
            : throw new RpcException(new Grpc.Core.Status(StatusCode.NotFound, $"there is no workflow {request.WorkflowId}"));

    public override Task<ListWorkflowsResponse> ListWorkflows(ListWorkflowsRequest request, ServerCallContext context) =>
        Task.FromResult(request.PageToken.Length == 0
            ? new ListWorkflowsResponse { Workflows = { Workflow }, NextPageToken = "2" }
            : new ListWorkflowsResponse { Workflows = { new Workflow { Id = "wf-0", State = WorkflowState.Failed } } });

    public override async Task WatchWorkflow(
        WatchWorkflowRequest request, IServerStreamWriter<WatchWorkflowResponse> responseStream, ServerCallContext context)
    {
        WatchedAfter.Enqueue(request.AfterSequence);
        OnWatch?.Invoke(request.WorkflowId);
        var sent = 0;
        foreach (var happened in Events.Where(happened => happened.Sequence > request.AfterSequence))
        {
            await responseStream.WriteAsync(happened, context.CancellationToken);
            if (++sent == 2 && CutWatches > 0)
            {
                CutWatches--;
                throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "the gateway restarts"));
            }
        }

        if (WatchHangs)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
    }

    public override Task<CancelWorkflowResponse> CancelWorkflow(CancelWorkflowRequest request, ServerCallContext context)
    {
        Cancelled.Enqueue(request.WorkflowId);
        return Task.FromResult(new CancelWorkflowResponse { Workflow = new Workflow { Id = request.WorkflowId, State = WorkflowState.Cancelled } });
    }

    /// <summary>What a resumed workflow still has to do always succeeds.</summary>
    public override Task<ResumeWorkflowResponse> ResumeWorkflow(ResumeWorkflowRequest request, ServerCallContext context)
    {
        Resumed.Enqueue(request.WorkflowId);
        var workflow = Made.Values.Single(made => made.Id == request.WorkflowId);
        workflow.State = WorkflowState.Succeeded;
        return Task.FromResult(new ResumeWorkflowResponse { Workflow = workflow });
    }

    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse { Service = new ServiceInfo { Name = "fake", Build = Build } });

    public override Task<ListTrainersResponse> ListTrainers(ListTrainersRequest request, ServerCallContext context) =>
        Task.FromResult(new ListTrainersResponse());

    public override Task<RegisterDatasetResponse> RegisterDataset(RegisterDatasetRequest request, ServerCallContext context)
    {
        Datasets[request.Name] = request;
        return Task.FromResult(new RegisterDatasetResponse { Dataset = new Dataset { Name = request.Name, Images = 3, Labelled = 3, Classes = Classes } });
    }

    /// <summary>Kept in the form of the older call, so that tests find both in one place.</summary>
    public override async Task RegisterDirectory(
        RegisterDirectoryRequest request, IServerStreamWriter<RegisterDirectoryResponse> responseStream, ServerCallContext context)
    {
        Datasets[request.Name] = new RegisterDatasetRequest { Name = request.Name, Directory = request.Directory };
        await responseStream.WriteAsync(
            new RegisterDirectoryResponse { Progress = new Progress { Activity = "reading", Done = 1, Total = 3, Unit = "image", SecondsLeft = -1 } },
            context.CancellationToken);
        await responseStream.WriteAsync(
            new RegisterDirectoryResponse
            {
                Dataset = new Dataset { Name = request.Name, Images = 3, Labelled = request.Directory.IgnoreLabels ? 0 : 3, Classes = Classes },
            },
            context.CancellationToken);
    }

    public override Task<ListDatasetsResponse> ListDatasets(ListDatasetsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListDatasetsResponse { Datasets = { Datasets.Keys.Order().Select(name => new Dataset { Name = name, Images = 3 }) } });

    public override async Task<UploadArtifactResponse> UploadArtifact(
        IAsyncStreamReader<UploadArtifactRequest> requestStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var header = requestStream.Current.Header;
        using var content = new MemoryStream();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            content.Write(requestStream.Current.Chunk.Span);
        }

        var artifact = Put("uploads/" + header.Sha256, content.ToArray(), header.MediaType);
        return artifact.Sha256 == header.Sha256 && artifact.SizeBytes == header.SizeBytes
            ? new UploadArtifactResponse { Artifact = artifact }
            : throw new RpcException(new Grpc.Core.Status(StatusCode.DataLoss, "other bytes came than were announced"));
    }

    public override async Task DownloadArtifact(
        DownloadArtifactRequest request, IServerStreamWriter<DownloadArtifactResponse> responseStream, ServerCallContext context)
    {
        if (!Store.TryGetValue(request.Artifact.Key, out var content))
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.NotFound, $"there is nothing under {request.Artifact.Key}"));
        }

        foreach (var chunk in content.Chunk(7))
        {
            await responseStream.WriteAsync(new DownloadArtifactResponse { Chunk = ByteString.CopyFrom(chunk) }, context.CancellationToken);
        }
    }

    public override async Task StreamPredict(
        IAsyncStreamReader<StreamPredictRequest> requestStream, IServerStreamWriter<StreamPredictResponse> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        Models.Enqueue(requestStream.Current.Options.Model);
        ulong sequence = 0;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var image = requestStream.Current.Image;
            var result = new Contracts.Segmenter.V1.StreamPredictResponse { Id = image.Id, Sequence = sequence };
            if (sequence++ == 0)
            {
                result.Classes = new ClassSet { Names = { "road", "car" }, Palette = ByteString.CopyFrom(200, 0, 0, 0, 0, 200) };
            }

            // A PNG begins with 0x89: what does not is a bad image here as it would be in the segmenter.
            if (image.Content.Length > 0 && image.Content[0] == 0x89)
            {
                result.Prediction = new Prediction
                {
                    LabelMap = ByteString.CopyFrom(PngWriter.Gray8(4, 2, [0, 1, 0, 1, 255, 0, 1, 0])),
                    EntropyMap = ByteString.CopyFrom(PngWriter.Gray8(4, 2, [0, 36, 73, 109, 146, 182, 219, 255])),
                    Score = 0.1,
                    Entropy = 0.2,
                    Size = new ImageSize { Width = 4, Height = 2 },
                };
            }
            else
            {
                result.Error = new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = "it is neither JPEG nor PNG" };
            }

            await responseStream.WriteAsync(new StreamPredictResponse { Result = result }, context.CancellationToken);
        }
    }

    public override async Task Evaluate(
        Contracts.Gateway.V1.EvaluateRequest request, IServerStreamWriter<Contracts.Gateway.V1.EvaluateResponse> responseStream, ServerCallContext context)
    {
        Models.Enqueue(request.Model);
        await responseStream.WriteAsync(
            new Contracts.Gateway.V1.EvaluateResponse
            {
                Result = new Contracts.Segmenter.V1.EvaluateResponse { Progress = new Progress { Activity = "evaluating", Done = 1, Total = 2, Unit = "image" } },
            },
            context.CancellationToken);
        var report = new EvaluationReport
        {
            Iou = { 0.5, -1 },
            Miou = 0.5,
            PixelAccuracy = 0.75,
            Images = 2,
            Classes = new ClassSet { Names = { "road", "car" } },
        };
        await responseStream.WriteAsync(
            new Contracts.Gateway.V1.EvaluateResponse { Result = new Contracts.Segmenter.V1.EvaluateResponse { Report = report } },
            context.CancellationToken);
    }

    public override Task<Contracts.Gateway.V1.RankResponse> Rank(Contracts.Gateway.V1.RankRequest request, ServerCallContext context)
    {
        Ranked.Enqueue(request);
        return Task.FromResult(new Contracts.Gateway.V1.RankResponse
        {
            Result = new Contracts.Ranker.V1.RankResponse
            {
                EasyCount = (long)(10 * request.Options.Lambda),
                HardCount = 10 - (long)(10 * request.Options.Lambda),
                Threshold = 0.01,
                Ranking = Put("rank/ranking.parquet", [1], "application/vnd.apache.parquet"),
                EasySplit = Put("rank/easy_split.txt", "a\n"u8.ToArray(), "text/plain"),
                HardSplit = Put("rank/hard_split.txt", "b\n"u8.ToArray(), "text/plain"),
            },
        });
    }
}

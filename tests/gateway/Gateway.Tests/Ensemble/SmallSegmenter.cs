using Grpc.Core;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;

namespace IntraDA.Gateway.Tests.Ensemble;

/// <summary>A segmenter that sees one class everywhere, and is the less sure the later an image stands in its list.</summary>
internal sealed class SmallSegmenter(SegmenterBehaviour behaviour, IArtifactStore store) : SegmenterService.SegmenterServiceBase
{
    private const int Width = 16;
    private const int Height = 8;

    private ServiceInfo Self => new() { Name = "small-segmenter", Version = "1.0.0", Build = behaviour.Build };

    public override async Task ScoreDataset(
        ScoreDatasetRequest request, IServerStreamWriter<ScoreDatasetResponse> responseStream, ServerCallContext context)
    {
        behaviour.Calls.Enqueue(("score", request.Model.Checkpoint.Sha256));
        var token = context.CancellationToken;
        await behaviour.OnScore(Interlocked.Increment(ref behaviour.Scorings) - 1, token);
        var manifest = await ManifestAsync(request.Dataset, token);
        await responseStream.WriteAsync(
            new ScoreDatasetResponse { Progress = new Progress { Activity = "scoring", Total = manifest.Items.Count, Unit = "image" } }, token);
        var rows = manifest.Items.Select((item, i) => new ScoreRow(item.Id, 0.01 * (i + 1), 0.02 * (i + 1), new byte[] { 1 })).ToList();
        var items = new List<PredictionItem>();
        foreach (var (_, i) in manifest.Items.Select((item, i) => (item, i)))
        {
            var map = await store.PutBytesAsync(
                $"{request.OutputPrefix}/maps/{i}.png", LabelPng(), "image/png", token);
            items.Add(new PredictionItem(manifest.Items[i].Id, StoredArtifact.From(map), null));
        }

        await responseStream.WriteAsync(
            new ScoreDatasetResponse
            {
                Report = new ScoreReport
                {
                    Images = rows.Count,
                    Service = Self,
                    Precision = behaviour.Precision,
                    ScoreTable = await store.PutWrittenAsync(
                        $"{request.OutputPrefix}/scores.parquet", ScoreTable.MediaType, (s, t) => ScoreTable.WriteAsync(s, rows, t), token),
                    Predictions = await store.PutWrittenAsync(
                        $"{request.OutputPrefix}/predictions.json",
                        PredictionsManifest.MediaType,
                        (s, t) => new PredictionsManifest { Items = items }.WriteAsync(s, t),
                        token),
                },
            },
            token);
    }

    public override async Task Evaluate(
        EvaluateRequest request, IServerStreamWriter<EvaluateResponse> responseStream, ServerCallContext context)
    {
        behaviour.Calls.Enqueue(("evaluate", request.Model.Checkpoint.Sha256));
        var token = context.CancellationToken;
        var manifest = await ManifestAsync(request.Dataset, token);
        var rows = manifest.Items.Select((item, i) => new ImageErrorRow(item.Id, 0.01 * (i + 1), 0.1 * (i + 1), 0.5)).ToList();
        var report = new EvaluationReport
        {
            Miou = 0.5,
            PixelAccuracy = 0.5,
            Images = rows.Count,
            Classes = manifest.Classes.ToProto(),
            PerImage = await store.PutWrittenAsync(
                $"{request.OutputPrefix}/per_image.parquet", ImageErrorTable.MediaType, (s, t) => ImageErrorTable.WriteAsync(s, rows, t), token),
        };
        var classes = manifest.Classes.Names.Count;
        report.Confusion.AddRange(Enumerable.Repeat(1L, classes * classes));
        report.Iou.AddRange(Enumerable.Repeat(0.5, classes));
        await responseStream.WriteAsync(new EvaluateResponse { Report = report }, token);
    }

    public override Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context)
    {
        behaviour.Calls.Enqueue(("predict", request.Options.Model.Checkpoint.Sha256));
        return Task.FromResult(new PredictResponse { Id = request.Image.Id, Prediction = Prediction() });
    }

    public override async Task StreamPredict(
        IAsyncStreamReader<StreamPredictRequest> requestStream,
        IServerStreamWriter<StreamPredictResponse> responseStream,
        ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        behaviour.Calls.Enqueue(("stream", requestStream.Current.Options.Model.Checkpoint.Sha256));
        for (var i = 0; await requestStream.MoveNext(context.CancellationToken); i++)
        {
            Interlocked.Increment(ref behaviour.Received);
            await behaviour.OnPredict(i, context.CancellationToken);
            await responseStream.WriteAsync(
                new StreamPredictResponse { Id = requestStream.Current.Image.Id, Sequence = (ulong)i, Prediction = Prediction() },
                context.CancellationToken);
        }
    }

    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse
        {
            Service = Self,
            Device = "cpu",
            Precision = behaviour.Precision,
        });

    private static byte[] LabelPng() => ImageEncoder.EncodeGrayPng(Width, Height, new byte[Width * Height]);

    private static Prediction Prediction() => new()
    {
        LabelMap = Google.Protobuf.ByteString.CopyFrom(LabelPng()),
        EntropyMap = Google.Protobuf.ByteString.CopyFrom(LabelPng()),
        Size = new ImageSize { Width = Width, Height = Height },
    };

    private async Task<DatasetManifest> ManifestAsync(Artifact artifact, CancellationToken cancellationToken) =>
        DatasetManifestJson.Parse(await store.ReadBytesAsync(artifact, 1 << 24, cancellationToken), artifact.Key);
}

using System.Threading.Channels;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Data.Scoring;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Networks;
using IntraDA.Segmenter.Datasets;
using IntraDA.Segmenter.Engines;
using IntraDA.Segmenter.Predictions;

namespace IntraDA.Segmenter;

/// <summary>The segmenter's RPCs.</summary>
/// <param name="engines">Networks.</param>
/// <param name="predictor">Single images.</param>
/// <param name="streams">Streams of images.</param>
/// <param name="places">Bounds the streams.</param>
/// <param name="scoring">Scoring of data sets.</param>
/// <param name="evaluation">Evaluation on data sets.</param>
/// <param name="store">Holds manifests.</param>
/// <param name="placement">Precision and device.</param>
/// <param name="limits">Bounds on images.</param>
/// <param name="self">Name, version, build and precision.</param>
public sealed class SegmenterGrpcService(
    EngineCache engines,
    Predictor predictor,
    StreamPredictor streams,
    StreamPlaces places,
    DatasetScoring scoring,
    DatasetEvaluation evaluation,
    IArtifactStore store,
    TensorPlacement placement,
    ImageLimits limits,
    ScorerIdentity self) : SegmenterService.SegmenterServiceBase
{
    private const int MaxManifestBytes = 1 << 30;

    /// <inheritdoc />
    public override async Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context)
    {
        var check = new RequestValidator();
        check.Require(request.Options is not null, "options", "Options are needed; they name the model.");
        check.Require(request.Image is not null, "image", "An image is needed.");
        check.ThrowIfAny();
        using var lease = await engines.LeaseAsync(request.Options!.Model, "options.model", context.CancellationToken).ConfigureAwait(false);
        return new PredictResponse
        {
            Id = request.Image!.Id,
            Prediction = await predictor.PredictAsync(lease.Engine, request.Image, request.Options, context.CancellationToken).ConfigureAwait(false),
            Classes = lease.Engine.Description.Classes.ToProto(),
        };
    }

    /// <inheritdoc />
    public override async Task StreamPredict(
        IAsyncStreamReader<StreamPredictRequest> requestStream, IServerStreamWriter<StreamPredictResponse> responseStream, ServerCallContext context)
    {
        using var place = places.Take();
        await streams.RunAsync(requestStream, responseStream, context.CancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public override async Task ScoreDataset(
        ScoreDatasetRequest request, IServerStreamWriter<ScoreDatasetResponse> responseStream, ServerCallContext context)
    {
        var token = context.CancellationToken;
        var check = new RequestValidator();
        check.RequireArtifact(request.Dataset, "dataset");
        check.Require(ArtifactKey.IsValid(request.OutputPrefix), "output_prefix", "A key is needed.");
        check.Require(
            request.WriteLabelMaps || !request.WriteConfidenceMaps, "write_confidence_maps", "Confidence maps need write_label_maps as well.");
        check.ThrowIfAny();
        using var lease = await engines.LeaseAsync(request.Model, "model", token).ConfigureAwait(false);
        var manifest = await ReadAsync(request.Dataset, token).ConfigureAwait(false);
        check.Require(manifest.Items.Count > 0, "dataset", $"'{manifest.Name}' is empty.");
        check.ThrowIfAny();
        var report = await InputFields.NameAsync("dataset", scoring.RunAsync(
            lease.Engine,
            manifest,
            request,
            progress => responseStream.WriteAsync(new ScoreDatasetResponse { Progress = progress }, token),
            token)).ConfigureAwait(false);
        await responseStream.WriteAsync(new ScoreDatasetResponse { Report = report }, token).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public override async Task Evaluate(EvaluateRequest request, IServerStreamWriter<EvaluateResponse> responseStream, ServerCallContext context)
    {
        var token = context.CancellationToken;
        var check = new RequestValidator();
        check.RequireArtifact(request.Dataset, "dataset");
        check.Require(ArtifactKey.IsValid(request.OutputPrefix), "output_prefix", "A key is needed.");
        check.ThrowIfAny();
        using var lease = await engines.LeaseAsync(request.Model, "model", token).ConfigureAwait(false);
        var manifest = await ReadAsync(request.Dataset, token).ConfigureAwait(false);
        check.Require(manifest.Items.Count > 0, "dataset", $"'{manifest.Name}' is empty.");
        check.Require(
            manifest.Items.All(i => i.Label is not null), "dataset", $"Every image of '{manifest.Name}' needs a label map to be evaluated.");
        check.Require(
            manifest.Classes.Names.SequenceEqual(lease.Engine.Description.Classes.Names),
            "dataset",
            $"The classes of '{manifest.Name}' are not those of the network; evaluate on a data set of its label space.");
        check.ThrowIfAny();

        // The evaluation reports from its own thread; only this method writes to the stream. Old progress gives way to new.
        var progress = Channel.CreateBounded<Progress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var running = EvaluateAsync();
        await foreach (var message in progress.Reader.ReadAllAsync(token).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(new EvaluateResponse { Progress = message }, token).ConfigureAwait(false);
        }

        await responseStream.WriteAsync(new EvaluateResponse { Report = await running.ConfigureAwait(false) }, token).ConfigureAwait(false);

        async Task<EvaluationReport> EvaluateAsync()
        {
            try
            {
                return await InputFields.NameAsync("dataset", evaluation.RunAsync(
                    lease.Engine, manifest, request.OutputPrefix, p => progress.Writer.TryWrite(p), token)).ConfigureAwait(false);
            }
            finally
            {
                progress.Writer.Complete();
            }
        }
    }

    /// <inheritdoc />
    public override async Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context)
    {
        var check = new RequestValidator();
        check.Require(IsName(request.Name), "name", "1 to 64 characters of [a-z0-9._-] are needed.");
        check.RequireArtifact(request.Checkpoint, "checkpoint");
        check.ThrowIfAny();
        return new LoadModelResponse
        {
            Model = await engines.LoadAsync(request.Name, request.Checkpoint, context.CancellationToken).ConfigureAwait(false),
        };
    }

    /// <inheritdoc />
    public override Task<UnloadModelResponse> UnloadModel(UnloadModelRequest request, ServerCallContext context) =>
        engines.Unload(request.Name) ? Task.FromResult(new UnloadModelResponse()) : throw ServiceException.NotFound("model", request.Name);

    /// <inheritdoc />
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var response = new ListModelsResponse();
        response.Models.AddRange(engines.List());
        return Task.FromResult(response);
    }

    /// <inheritdoc />
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context)
    {
        var response = new GetServiceInfoResponse
        {
            Service = self.Service,
            Device = placement.Device.ToString(),
            MaxImageBytes = limits.MaxBytes,
            MaxImagePixels = limits.MaxPixels,
            Precision = self.Precision,
        };
        response.Architectures.AddRange(Architectures.Names);
        return Task.FromResult(response);
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-');

    private async Task<DatasetManifest> ReadAsync(Artifact manifest, CancellationToken cancellationToken) =>
        await InputFields.NameAsync("dataset", ParseAsync(manifest, cancellationToken)).ConfigureAwait(false);

    private async Task<DatasetManifest> ParseAsync(Artifact manifest, CancellationToken cancellationToken) =>
        DatasetManifestJson.Parse(await store.ReadBytesAsync(manifest, MaxManifestBytes, cancellationToken).ConfigureAwait(false), manifest.Key);
}

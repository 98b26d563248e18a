using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Datasets;
using IntraDA.Gateway.Models;
using IntraDA.Gateway.Predictions;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Transfers;
using IntraDA.Gateway.Workflows;
using IntraDA.Gateway.Workflows.Running;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway;

/// <summary>The contract's methods, each handed to the part that it concerns.</summary>
internal sealed class GatewayGrpcService(
    WorkflowCalls workflows,
    WorkflowEngine engine,
    WorkflowWatcher watcher,
    PredictionProxy predictions,
    DatasetRuns runs,
    DatasetCalls datasets,
    ModelLister models,
    ArtifactTransfers transfers,
    ServiceCalls services,
    IHostApplicationLifetime lifetime) : GatewayService.GatewayServiceBase
{
    public override Task<CreateWorkflowResponse> CreateWorkflow(CreateWorkflowRequest request, ServerCallContext context) =>
        workflows.CreateAsync(request, context.CancellationToken);

    public override Task<GetWorkflowResponse> GetWorkflow(GetWorkflowRequest request, ServerCallContext context) =>
        workflows.GetAsync(request, context.CancellationToken);

    public override Task<ListWorkflowsResponse> ListWorkflows(ListWorkflowsRequest request, ServerCallContext context) =>
        workflows.ListAsync(request, context.CancellationToken);

    public override Task WatchWorkflow(
        WatchWorkflowRequest request, IServerStreamWriter<WatchWorkflowResponse> responseStream, ServerCallContext context) =>
        UntilEndAsync(
            context, token => watcher.WatchAsync(request.WorkflowId, request.AfterSequence, responseStream, token));

    public override async Task<CancelWorkflowResponse> CancelWorkflow(CancelWorkflowRequest request, ServerCallContext context) =>
        new() { Workflow = await engine.CancelAsync(request.WorkflowId, context.CancellationToken).ConfigureAwait(false) };

    public override async Task<ResumeWorkflowResponse> ResumeWorkflow(ResumeWorkflowRequest request, ServerCallContext context) =>
        new() { Workflow = await engine.ResumeAsync(request.WorkflowId, context.CancellationToken).ConfigureAwait(false) };

    public override Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context) =>
        predictions.PredictAsync(request, context.Deadline, context.CancellationToken);

    public override Task StreamPredict(
        IAsyncStreamReader<StreamPredictRequest> requestStream,
        IServerStreamWriter<StreamPredictResponse> responseStream,
        ServerCallContext context) =>
        UntilEndAsync(context, token => predictions.StreamAsync(requestStream, responseStream, context.Deadline, token));

    public override Task<RegisterDatasetResponse> RegisterDataset(RegisterDatasetRequest request, ServerCallContext context) =>
        datasets.RegisterAsync(request, context.CancellationToken);

    public override Task RegisterDirectory(
        RegisterDirectoryRequest request, IServerStreamWriter<RegisterDirectoryResponse> responseStream, ServerCallContext context) =>
        UntilEndAsync(context, token => datasets.RegisterDirectoryAsync(request, responseStream, token));

    public override Task<ListDatasetsResponse> ListDatasets(ListDatasetsRequest request, ServerCallContext context) =>
        datasets.ListAsync(request, context.CancellationToken);

    public override async Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var validator = new RequestValidator();
        var size = validator.RequirePageSize(request.PageSize);
        validator.ThrowIfAny();
        var response = await models
            .ListAsync(PageTokens.Read(request.PageToken), size, context.CancellationToken).ConfigureAwait(false);
        response.NextPageToken = PageTokens.Write(response.NextPageToken);
        return response;
    }

    public override Task<ListTrainersResponse> ListTrainers(ListTrainersRequest request, ServerCallContext context) =>
        services.ListTrainersAsync(context.CancellationToken);

    public override Task ScoreDataset(
        ScoreDatasetRequest request, IServerStreamWriter<ScoreDatasetResponse> responseStream, ServerCallContext context) =>
        UntilEndAsync(context, token => runs.ScoreAsync(request, responseStream, token));

    public override Task<RankResponse> Rank(RankRequest request, ServerCallContext context) =>
        runs.RankAsync(request, context.Deadline, context.CancellationToken);

    public override Task Evaluate(
        EvaluateRequest request, IServerStreamWriter<EvaluateResponse> responseStream, ServerCallContext context) =>
        UntilEndAsync(context, token => runs.EvaluateAsync(request, responseStream, context.Deadline, token));

    public override Task<UploadArtifactResponse> UploadArtifact(
        IAsyncStreamReader<UploadArtifactRequest> requestStream, ServerCallContext context) =>
        transfers.UploadAsync(requestStream, context.CancellationToken);

    public override Task DownloadArtifact(
        DownloadArtifactRequest request, IServerStreamWriter<DownloadArtifactResponse> responseStream, ServerCallContext context) =>
        transfers.DownloadAsync(request, responseStream, context.CancellationToken);

    public override Task<CreateDownloadLinkResponse> CreateDownloadLink(CreateDownloadLinkRequest request, ServerCallContext context) =>
        transfers.LinkAsync(request, context.CancellationToken);

    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        services.DescribeAsync(context.CancellationToken);

    // Streams that may last for hours end with the server at once, so that their callers can look for another.
    private async Task UntilEndAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await stream(either.Token).ConfigureAwait(false);
    }
}

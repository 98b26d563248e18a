using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Datasets;
using IntraDA.Gateway.Models;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Predictions;

/// <summary>Scores, ranks and evaluates outside of any workflow. Results lie under a digest of what was asked for.</summary>
internal sealed class DatasetRuns(Backends backends, ModelResolver models, DatasetRegistry datasets, BareKeys keys)
{
    public async Task ScoreAsync(
        ScoreDatasetRequest request,
        IServerStreamWriter<ScoreDatasetResponse> responses,
        DateTime deadline,
        CancellationToken cancellationToken)
    {
        var checkpoint = await models.ResolveAsync(request.Model, "model", cancellationToken).ConfigureAwait(false);
        var dataset = await datasets.GetAsync(request.Dataset, cancellationToken).ConfigureAwait(false);
        var inner = new SegmenterV1.ScoreDatasetRequest
        {
            Model = new SegmenterV1.ModelSelector { Checkpoint = checkpoint },
            Dataset = dataset.Manifest,
            OutputPrefix = $"scores/{Digest(checkpoint.Sha256, dataset.Manifest.Sha256)}",
        };
        try
        {
            using var call = backends.Segmenter.ScoreDataset(inner, deadline: deadline, cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                await responses
                    .WriteAsync(new ScoreDatasetResponse { Result = call.ResponseStream.Current }, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RpcException e)
        {
            throw Failures.Explain(e, "segmenter", backends.SegmenterAddress);
        }
    }

    public async Task EvaluateAsync(
        EvaluateRequest request,
        IServerStreamWriter<EvaluateResponse> responses,
        DateTime deadline,
        CancellationToken cancellationToken)
    {
        var checkpoint = await models.ResolveAsync(request.Model, "model", cancellationToken).ConfigureAwait(false);
        var dataset = await datasets.GetAsync(request.Dataset, cancellationToken).ConfigureAwait(false);
        if (dataset.Labelled != dataset.Images)
        {
            throw ServiceException.InvalidArgument(
                "dataset", $"Only {dataset.Labelled} of the {dataset.Images} images of '{dataset.Name}' have a label; this needs one for each.");
        }

        var inner = new SegmenterV1.EvaluateRequest
        {
            Model = new SegmenterV1.ModelSelector { Checkpoint = checkpoint },
            Dataset = dataset.Manifest,
            OutputPrefix = $"evaluations/{Digest(checkpoint.Sha256, dataset.Manifest.Sha256)}",
        };
        try
        {
            using var call = backends.Segmenter.Evaluate(inner, deadline: deadline, cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                await responses
                    .WriteAsync(new EvaluateResponse { Result = call.ResponseStream.Current }, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RpcException e)
        {
            throw Failures.Explain(e, "segmenter", backends.SegmenterAddress);
        }
    }

    public async Task<RankResponse> RankAsync(RankRequest request, DateTime deadline, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        validator.Require(
            request.Options is not { HasLambda: true } options || options.Lambda is >= 0 and <= 1,
            "options.lambda",
            $"{request.Options?.Lambda} is not in 0..1.");
        validator.ThrowIfAny();
        var table = await keys
            .CompleteAsync(request.ScoreTable, "score_table", ScoreTable.MediaType, cancellationToken).ConfigureAwait(false);
        var inner = new RankerV1.RankRequest
        {
            ScoreTable = table,
            Options = request.Options,
            OutputPrefix = $"rankings/{Digest(table.Sha256, Convert.ToHexStringLower((request.Options ?? new()).ToByteArray()))}",
        };
        try
        {
            var result = await backends.Ranker
                .RankAsync(inner, deadline: deadline, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new RankResponse { Result = result };
        }
        catch (RpcException e)
        {
            throw Failures.Explain(e, "ranker", backends.RankerAddress);
        }
    }

    private static string Digest(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}

using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Datasets;
using IntraDA.Gateway.Models;
using IntraDA.Gateway.Segmenters;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Predictions;

/// <summary>Scores, ranks and evaluates outside of any workflow. Results lie under a digest of what was asked for.</summary>
internal sealed class DatasetRuns(
    Backends backends, ScoringFanOut fanOut, ModelResolver models, DatasetRegistry datasets, BareKeys keys)
{
    public async Task ScoreAsync(
        ScoreDatasetRequest request, IServerStreamWriter<ScoreDatasetResponse> responses, CancellationToken cancellationToken)
    {
        var checkpoint = await models.ResolveAsync(request.Model, "model", cancellationToken).ConfigureAwait(false);
        var dataset = await datasets.GetAsync(request.Dataset, cancellationToken).ConfigureAwait(false);
        var job = new ScoringJob(
            checkpoint,
            dataset.Manifest,
            $"scores/{Digest(checkpoint.Sha256, dataset.Manifest.Sha256)}",
            LabelMaps: false,
            ConfidenceMaps: false,
            Salt: "",
            Planned: null);
        // Progress comes from many calls at once; only this method writes to the stream, and old progress gives way to new.
        var progress = Channel.CreateBounded<Progress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var scoring = ScoreAsync();
        await foreach (var message in progress.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await WriteAsync(new SegmenterV1.ScoreDatasetResponse { Progress = message }).ConfigureAwait(false);
        }

        await WriteAsync(new SegmenterV1.ScoreDatasetResponse { Report = await scoring.ConfigureAwait(false) }).ConfigureAwait(false);

        Task WriteAsync(SegmenterV1.ScoreDatasetResponse message) =>
            responses.WriteAsync(new ScoreDatasetResponse { Result = message }, cancellationToken);

        async Task<SegmenterV1.ScoreReport> ScoreAsync()
        {
            try
            {
                return await fanOut.RunAsync(job, one => progress.Writer.TryWrite(one), (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                progress.Writer.Complete();
            }
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
            var segmenter = await backends.SegmenterAsync(cancellationToken).ConfigureAwait(false);
            using var call = segmenter.Evaluate(inner, deadline: deadline, cancellationToken: cancellationToken);
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
        var options = request.Options?.Clone() ?? new RankerV1.RankingOptions();
        var validator = new RequestValidator();
        validator.Require(!options.HasLambda || options.Lambda is >= 0 and <= 1, "options.lambda", $"{options.Lambda} is not in 0..1.");
        await FillRareAsync(validator, options, request.Dataset, cancellationToken).ConfigureAwait(false);
        validator.ThrowIfAny();
        var table = await keys
            .CompleteAsync(request.ScoreTable, "score_table", ScoreTable.MediaType, cancellationToken).ConfigureAwait(false);
        var inner = new RankerV1.RankRequest
        {
            ScoreTable = table,
            Options = options,
            OutputPrefix = $"rankings/{Digest(table.Sha256, Convert.ToHexStringLower(options.ToByteArray()))}",
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

    // The ranker sees scores only; which classes are rare, a data set says, or the caller.
    private async Task FillRareAsync(
        RequestValidator validator, RankerV1.RankingOptions options, string dataset, CancellationToken cancellationToken)
    {
        const string Field = "options.rare_train_ids";
        if (options.Method != RankerV1.RankingMethod.RareClass)
        {
            // Not used, so they must not tell two equal splits apart.
            options.RareTrainIds.Clear();
            return;
        }

        if (dataset.Length == 0)
        {
            validator.Require(
                options.RareTrainIds.Count > 0,
                Field,
                "RARE_CLASS needs the rare classes: list their train ids, or name in `dataset` the data set that was scored.");
            return;
        }

        var classes = (await datasets.GetAsync(dataset, cancellationToken).ConfigureAwait(false)).Classes;
        if (options.RareTrainIds.Count == 0)
        {
            options.RareTrainIds.AddRange(classes.RareTrainIds);
            validator.Require(
                options.RareTrainIds.Count > 0, Field, $"The classes of '{dataset}' name no rare ones; list their train ids.");
        }

        validator.Require(
            options.RareTrainIds.All(id => id >= 0 && id < classes.Names.Count),
            Field,
            $"Train ids of '{dataset}' are in 0..{classes.Names.Count - 1}.");
    }

    private static string Digest(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}

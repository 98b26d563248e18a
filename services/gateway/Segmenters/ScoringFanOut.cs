using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Options;
using IntraDA.Gateway.Services;

namespace IntraDA.Gateway.Segmenters;

/// <summary>
/// Scores a data set on all segmenters at once: cut into pieces, each of which lies under a digest of what it is made from. A
/// segmenter that is lost costs its unfinished pieces; so does a gateway.
/// </summary>
internal sealed class ScoringFanOut(
    SegmenterPool pool, ShardStore shards, GatewayOptions options, TimeProvider time, ILogger<ScoringFanOut> logger)
{
    // The second piece is there when the first is done: its images are decoded while the first computes.
    private const int PiecesEach = 2;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Workflows.ReconnectSeconds);

    /// <summary>Scores.</summary>
    /// <param name="job">What.</param>
    /// <param name="onProgress">Hears how far all pieces together are.</param>
    /// <param name="cancellationToken">Cancels; finished pieces stay.</param>
    /// <returns>The merged result.</returns>
    /// <exception cref="RpcException">A segmenter refused the work, or none has answered for as long as the options allow.</exception>
    public async Task<ScoreReport> RunAsync(ScoringJob job, Action<Progress> onProgress, CancellationToken cancellationToken)
    {
        var manifest = await shards.ReadDatasetAsync(job.Dataset, cancellationToken).ConfigureAwait(false);
        var pieces = Enumerable.Range(0, ScoringShards.CountFor(manifest.Items.Count)).Select(i => ScoringShards.Cut(manifest, i));
        var run = new ShardRun(pieces, manifest.Items.Count, onProgress, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await DriveAsync(job, run, stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.SettleAsync().ConfigureAwait(false);
            throw;
        }

        return await shards.MergeAsync(job, run.Reports, cancellationToken).ConfigureAwait(false);
    }

    private async Task DriveAsync(ScoringJob job, ShardRun run, CancellationToken cancellationToken)
    {
        while (!run.IsComplete)
        {
            foreach (var endpoint in pool.Endpoints.Where(e => e.Serving && e.Service is not null))
            {
                while (run.Running(endpoint) < PiecesEach && run.TryTake(endpoint) is { } piece)
                {
                    run.Begin(endpoint, piece, ScoreAsync(job, run, endpoint, piece, cancellationToken));
                }
            }

            var failed = await run.WaitAsync(LookAgain, cancellationToken).ConfigureAwait(false);
            if (failed is not null)
            {
                await HandleAsync(run, failed.Value.Endpoint, failed.Value.Reason, cancellationToken).ConfigureAwait(false);
            }
            else if (!pool.Endpoints.Any(e => e.Serving))
            {
                if (run.Idle >= _patience)
                {
                    throw Failures.Explain(
                        new RpcException(new Status(StatusCode.Unavailable, "no segmenter answers")), "segmenter", pool.Addresses);
                }

                await pool.RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task HandleAsync(ShardRun run, SegmenterEndpoint endpoint, Exception reason, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Failures.IsTransient(reason) || run.Idle >= _patience)
        {
            throw Failures.Explain(reason, "segmenter", endpoint.Address);
        }

        logger.LogWarning("Scoring on {Segmenter}: {Reason}; its pieces go to whoever is free", endpoint.Name, reason.Message);
        await pool.RefreshAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ScoreReport> ScoreAsync(
        ScoringJob job, ShardRun run, SegmenterEndpoint endpoint, ScoringShard piece, CancellationToken cancellationToken)
    {
        var prefix = ScoringShards.PrefixOf(
            endpoint.Service!, job.Checkpoint.Sha256, piece, job.LabelMaps, job.ConfidenceMaps, job.Salt);
        if (await shards.FindAsync(prefix, cancellationToken).ConfigureAwait(false) is { } finished)
        {
            return finished;
        }

        var request = new ScoreDatasetRequest
        {
            Model = new ModelSelector { Checkpoint = job.Checkpoint },
            Dataset = await shards.PutAsync(piece, cancellationToken).ConfigureAwait(false),
            OutputPrefix = prefix,
            WriteLabelMaps = job.LabelMaps,
            WriteConfidenceMaps = job.ConfidenceMaps,
        };
        using var call = endpoint.Client.ScoreDataset(request, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var message = call.ResponseStream.Current;
            if (message.Report is { } report)
            {
                await shards.FinishAsync(prefix, report, cancellationToken).ConfigureAwait(false);
                return report;
            }

            if (message.Progress is { } progress)
            {
                run.Advance(piece, progress.Done);
            }
        }

        throw new StepInterruptedException("the segmenter ended the stream without a report");
    }
}

using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Options;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Telemetry;

namespace IntraDA.Gateway.Segmenters;

/// <summary>
/// Scores a data set on all segmenters at once: cut into pieces, each of which lies under a digest of what it is made from. A
/// segmenter that is lost costs its unfinished pieces; so does a gateway. One that has too much to do is left alone for as long as it asks.
/// </summary>
internal sealed class ScoringFanOut(
    SegmenterPool pool, ShardStore shards, GatewayOptions options, ServiceTelemetry telemetry, TimeProvider time, ILogger<ScoringFanOut> logger)
{
    // The second piece is there when the first is done: its images are decoded while the first computes.
    private const int PiecesEach = 2;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Workflows.ReconnectSeconds);
    private readonly TimeSpan _queuePatience = TimeSpan.FromSeconds(options.Workflows.QueueSeconds);

    /// <summary>Scores.</summary>
    /// <param name="job">What.</param>
    /// <param name="onProgress">Hears how far all pieces together are.</param>
    /// <param name="onService">Hears who scores where that is another build than was planned: before its first piece.</param>
    /// <param name="cancellationToken">Cancels; finished pieces stay.</param>
    /// <returns>The merged result.</returns>
    /// <exception cref="RpcException">A segmenter refused the work, or none has answered for as long as the options allow.</exception>
    public async Task<ScoreReport> RunAsync(
        ScoringJob job, Action<Progress> onProgress, Func<ServiceInfo, CancellationToken, Task> onService, CancellationToken cancellationToken)
    {
        var manifest = await shards.ReadDatasetAsync(job.Dataset, cancellationToken).ConfigureAwait(false);
        var pieces = Enumerable.Range(0, ScoringShards.CountFor(manifest.Items.Count)).Select(i => ScoringShards.Cut(manifest, i));
        var run = new ShardRun(pieces, manifest.Items.Count, onProgress, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await DriveAsync(job, run, onService, stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.SettleAsync().ConfigureAwait(false);
            throw;
        }

        return await shards.MergeAsync(job, run.Reports, cancellationToken).ConfigureAwait(false);
    }

    private async Task DriveAsync(
        ScoringJob job, ShardRun run, Func<ServiceInfo, CancellationToken, Task> onService, CancellationToken cancellationToken)
    {
        var scorer = job.Planned;
        while (!run.IsComplete)
        {
            var fit = pool.Endpoints.Where(e => e is { Serving: true, Identity: { } found } && (scorer is null || found.Precision == scorer.Precision)).ToList();
            if (fit.Count > 0 && !fit.Any(e => e.Identity!.Equals(scorer)))
            {
                // One build at a time: another takes over only where nobody of the first is left, and that is recorded.
                scorer = fit[0].Identity!;
                await onService(scorer.Service, cancellationToken).ConfigureAwait(false);
            }

            foreach (var endpoint in fit.Where(e => e.Identity!.Equals(scorer)))
            {
                while (run.Running(endpoint) < PiecesEach && run.TryTake(endpoint) is { } piece)
                {
                    run.Begin(endpoint, piece, ScoreAsync(job, run, endpoint, scorer!, piece, cancellationToken));
                }
            }

            var failed = await run.WaitAsync(LookAgain, cancellationToken).ConfigureAwait(false);
            foreach (var (endpoint, piece, reason) in failed)
            {
                Handle(run, endpoint, piece, reason);
            }

            if (fit.Count == 0 && run.Idle >= _patience)
            {
                throw Failures.Explain(
                    new RpcException(new Status(StatusCode.Unavailable, "no segmenter answers")), "segmenter", pool.Addresses);
            }

            if (fit.Count == 0 || failed.Any(f => !Failures.IsBusy(f.Reason)))
            {
                await pool.RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Handle(ShardRun run, SegmenterEndpoint endpoint, ScoringShard piece, Exception reason)
    {
        var busy = Failures.IsBusy(reason);
        if (!Failures.IsTransient(reason) || (busy ? run.Stalled >= _queuePatience : run.Idle >= _patience))
        {
            throw Failures.Explain(reason, "segmenter", endpoint.Address);
        }

        var rest = run.LetRest(endpoint, busy, Failures.RetryDelayOf(reason));
        telemetry.CountRetry("scoring");
        logger.LogWarning(
            "Piece {Piece} of {Count} is not done on {Segmenter} and goes to whoever is free: {Reason}; that one is left alone for {Delay:0.0} s",
            piece.Index + 1,
            run.Count,
            endpoint.Name,
            reason.Message,
            rest.TotalSeconds);
    }

    private async Task<ScoreReport> ScoreAsync(
        ScoringJob job, ShardRun run, SegmenterEndpoint endpoint, ScorerIdentity scorer, ScoringShard piece, CancellationToken cancellationToken)
    {
        var prefix = ScoringShards.PrefixOf(
            scorer, job.Checkpoint.Sha256, piece, job.LabelMaps, job.ConfidenceMaps, job.Salt);
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
                if (report.Service is { } service && !scorer.Equals(new ScorerIdentity(service, report.Precision)))
                {
                    throw new StepInterruptedException(
                        $"{service.Name} {service.Build} {report.Precision} has taken the place of {scorer.Service.Build} {scorer.Precision}");
                }

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

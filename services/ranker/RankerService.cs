using Grpc.Core;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Data.Manifests;
using IntraDA.Hosting;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;
using IntraDA.Ranker.PseudoLabels;
using IntraDA.Ranker.Ranking;
using IntraDA.Ranker.Requests;
using RankerServiceBase = IntraDA.Contracts.Ranker.V1.RankerService.RankerServiceBase;

namespace IntraDA.Ranker;

/// <summary>The gRPC face of ranking and pseudo-labelling.</summary>
/// <param name="store">Holds inputs and results.</param>
/// <param name="limits">How large lists and manifests may be.</param>
/// <param name="timeProvider">Clock.</param>
/// <param name="logger">Says what was ranked and labelled.</param>
public sealed partial class RankerService(
    IArtifactStore store, LimitOptions limits, TimeProvider timeProvider, ILogger<RankerService> logger) : RankerServiceBase
{
    /// <summary>Name under which the service makes itself known.</summary>
    public const string Name = "intrada-ranker";

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override async Task<RankResponse> Rank(RankRequest request, ServerCallContext context)
    {
        var rule = RankRequestRules.Check(request);
        var begin = timeProvider.GetTimestamp();
        var cancellationToken = context.CancellationToken;
        var columns = rule.RareTrainIds.Count > 0 ? ScoreColumns.Present : ScoreColumns.None;
        var table = await ReadAsync(
            request.ScoreTable, "score_table", (stream, token) => ScoreTable.ReadAsync(stream, columns, token), cancellationToken).ConfigureAwait(false);
        if (table.Count == 0)
        {
            throw ServiceException.InvalidArgument("score_table", "The table has no rows; score a data set that has images.");
        }

        RequireClasses(table, rule);
        var ranking = EntropyRanker.Rank(table, rule);

        // The ranking is what readers look for, so it is stored after the lists.
        var stored = await InputFields.NameAsync(
            "score_table",
            store.PutAllWrittenAsync(
                [File("easy_split.txt", SplitList.MediaType), File("hard_split.txt", SplitList.MediaType), File("ranking.parquet", RankingTable.MediaType)],
                (files, token) => RankingWriter.WriteAsync(ranking, files[0], files[1], files[2], token),
                cancellationToken)).ConfigureAwait(false);
        LogRanked(table.Count, ranking.EasyCount, timeProvider.GetElapsedTime(begin).TotalSeconds);
        return new RankResponse
        {
            Ranking = stored[2],
            EasySplit = stored[0],
            HardSplit = stored[1],
            EasyCount = ranking.EasyCount,
            HardCount = ranking.HardCount,
            Threshold = ranking.Threshold,
        };

        (string Key, string MediaType) File(string name, string mediaType) => (ArtifactKey.Combine(request.OutputPrefix, name), mediaType);
    }

    /// <inheritdoc/>
    public override async Task GeneratePseudoLabels(
        GeneratePseudoLabelsRequest request, IServerStreamWriter<GeneratePseudoLabelsResponse> responseStream, ServerCallContext context)
    {
        var rule = RankRequestRules.Check(request);
        RequireSizes(request);
        var begin = timeProvider.GetTimestamp();
        var cancellationToken = context.CancellationToken;
        var inputs = PseudoLabelInputs.Match(
            await InputFields.NameAsync("dataset", ReadDatasetAsync(request.Dataset, cancellationToken)).ConfigureAwait(false),
            await ReadAsync(request.Predictions, "predictions", PredictionsManifest.ReadAsync, cancellationToken).ConfigureAwait(false),
            await ReadAsync(request.EasySplit, "easy_split", SplitList.ReadAsync, cancellationToken).ConfigureAwait(false),
            await ReadAsync(request.HardSplit, "hard_split", SplitList.ReadAsync, cancellationToken).ConfigureAwait(false),
            rule);

        var progress = new PseudoLabelProgress(PseudoLabelGenerator.Work(inputs, rule), timeProvider);
        var generator = new PseudoLabelGenerator(store, request.OutputPrefix, rule, progress.Advance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = InputFields.NameAsync("predictions", generator.RunAsync(inputs, stop.Token));
        try
        {
            // This loop is the stream's only writer; a slow reader delays reports of progress, never the work.
            while (await Task.WhenAny(work, Task.Delay(ProgressInterval, timeProvider, cancellationToken)).ConfigureAwait(false) != work)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await responseStream.WriteAsync(new GeneratePseudoLabelsResponse { Progress = progress.ToMessage() }, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        var report = await work.ConfigureAwait(false);
        LogLabelled(report.LabelledShare, timeProvider.GetElapsedTime(begin).TotalSeconds);
        await responseStream.WriteAsync(new GeneratePseudoLabelsResponse { Progress = progress.ToMessage() }, cancellationToken).ConfigureAwait(false);
        await responseStream.WriteAsync(new GeneratePseudoLabelsResponse { Report = report }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse { Service = ServiceIdentity.Describe(Name, typeof(RankerService).Assembly) });

    [LoggerMessage(1, LogLevel.Information, "Ranked {Images} images, {Easy} of them easy, in {Seconds:F1} s")]
    private partial void LogRanked(int images, long easy, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Labelled {Share:P1} of the easy images' pixels in {Seconds:F1} s")]
    private partial void LogLabelled(double share, double seconds);

    private static void RequireClasses(ScoreTable table, RankingRule rule)
    {
        var beyond = rule.RareTrainIds.Where(id => id >= table.PresentBytes * 8).Select(id => (int?)id).FirstOrDefault();
        if (beyond is not null)
        {
            throw ServiceException.InvalidArgument("options.rare_train_ids", $"Train id {beyond} is beyond the classes of the score table.");
        }
    }

    // What is held in memory as a whole, item by item.
    private void RequireSizes(GeneratePseudoLabelsRequest request)
    {
        var check = new RequestValidator();
        Require(request.Dataset, "dataset");
        Require(request.Predictions, "predictions");
        Require(request.EasySplit, "easy_split");
        Require(request.HardSplit, "hard_split");
        check.ThrowIfAny();

        void Require(Artifact artifact, string field)
        {
            if (limits.ProblemOfList(artifact) is { } problem)
            {
                check.Require(false, field, problem);
            }
        }
    }

    private async Task<DatasetManifest> ReadDatasetAsync(Artifact artifact, CancellationToken cancellationToken) => DatasetManifestJson.Parse(
        await store.ReadBytesAsync(artifact, limits.MaxManifestBytes, cancellationToken).ConfigureAwait(false), artifact.Key);

    private async Task<T> ReadAsync<T>(
        Artifact artifact, string field, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var stream = await store.OpenReadAsync(artifact, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return await InputFields.NameAsync(field, read(stream, cancellationToken)).ConfigureAwait(false);
        }
    }
}

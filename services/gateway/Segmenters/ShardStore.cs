using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Manifests;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Segmenters;

/// <summary>Pieces of a scoring in the store: finished ones are found again, and all of them become one result.</summary>
internal sealed class ShardStore(IArtifactStore store)
{
    private const int MaxReportBytes = 1 << 20;
    private const int MaxManifestBytes = 1 << 30;

    /// <summary>Reads a data set.</summary>
    public async Task<DatasetManifest> ReadDatasetAsync(Artifact dataset, CancellationToken cancellationToken) =>
        DatasetManifestJson.Parse(await store.ReadBytesAsync(dataset, MaxManifestBytes, cancellationToken).ConfigureAwait(false), dataset.Key);

    /// <summary>Stores a piece's manifest, so that a segmenter can be pointed to it.</summary>
    public Task<Artifact> PutAsync(ScoringShard shard, CancellationToken cancellationToken) =>
        store.PutBytesAsync(shard.ManifestKey, shard.Content, DatasetManifest.MediaType, cancellationToken);

    /// <summary>The report of a finished piece; null where it is not finished, or a part of it is gone.</summary>
    public async Task<ScoreReport?> FindAsync(string prefix, CancellationToken cancellationToken)
    {
        ScoreReport report;
        try
        {
            report = ProtoJson.Parse<ScoreReport>(await store
                .ReadBytesAsync(new Artifact { Key = KeyOf(prefix) }, MaxReportBytes, cancellationToken).ConfigureAwait(false));
        }
        catch (ArtifactNotFoundException)
        {
            return null;
        }

        foreach (var artifact in new[] { report.ScoreTable, report.Predictions })
        {
            if (artifact is not null
                && await store.GetSizeAsync(artifact.Key, cancellationToken).ConfigureAwait(false) != artifact.SizeBytes)
            {
                return null;
            }
        }

        return report;
    }

    /// <summary>Makes a piece count as finished: after all that the report names.</summary>
    public Task FinishAsync(string prefix, ScoreReport report, CancellationToken cancellationToken) =>
        store.PutBytesAsync(KeyOf(prefix), ProtoJson.FormatBytes(report), "application/json", cancellationToken);

    /// <summary>One result from all pieces, in the order of the data set.</summary>
    public async Task<ScoreReport> MergeAsync(ScoringJob job, IReadOnlyList<ScoreReport> pieces, CancellationToken cancellationToken)
    {
        var rows = new List<ScoreRow>();
        var maps = new List<PredictionItem>();
        foreach (var piece in pieces)
        {
            rows.AddRange(await ReadRowsAsync(piece.ScoreTable, cancellationToken).ConfigureAwait(false));
            if (piece.Predictions is { } predictions)
            {
                var stream = await store.OpenReadAsync(predictions, cancellationToken).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    maps.AddRange((await PredictionsManifest.ReadAsync(stream, cancellationToken).ConfigureAwait(false)).Items);
                }
            }
        }

        var report = new ScoreReport { Images = rows.Count };
        if (job.LabelMaps)
        {
            report.Predictions = await store.PutWrittenAsync(
                ArtifactKey.Combine(job.OutputPrefix, "predictions.json"),
                PredictionsManifest.MediaType,
                (stream, token) => new PredictionsManifest { Items = maps }.WriteAsync(stream, token),
                cancellationToken).ConfigureAwait(false);
        }

        report.ScoreTable = await store.PutWrittenAsync(
            ArtifactKey.Combine(job.OutputPrefix, "scores.parquet"),
            ScoreTable.MediaType,
            (stream, token) => ScoreTable.WriteAsync(stream, rows, token),
            cancellationToken).ConfigureAwait(false);
        return report;
    }

    private static string KeyOf(string prefix) => $"{prefix}/{ScoringShards.ReportName}";

    private async Task<IEnumerable<ScoreRow>> ReadRowsAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        var stream = await store.OpenReadAsync(artifact, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var table = await ScoreTable.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            return
            [
                .. Enumerable.Range(0, table.Count).Select(i =>
                    new ScoreRow(table.Ids[i], table.Scores[i], table.Entropies[i], table.Present(i).ToArray())),
            ];
        }
    }
}

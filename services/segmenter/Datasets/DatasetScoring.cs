using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Scoring;
using IntraDA.Learning.Inference;
using IntraDA.Segmenter.Predictions;

namespace IntraDA.Segmenter.Datasets;

/// <summary>Scores every image of a data set; label files of the set are never opened.</summary>
/// <param name="store">Receives table and maps.</param>
/// <param name="files">Reads images.</param>
/// <param name="turns">Bounds the images computed at a time.</param>
/// <param name="self">Who scores.</param>
/// <param name="timeProvider">Clock.</param>
/// <param name="logger">Says what was scored.</param>
public sealed partial class DatasetScoring(
    IArtifactStore store, DatasetFileReader files, ImageTurns turns, ScorerIdentity self, TimeProvider timeProvider, ILogger<DatasetScoring> logger)
{
    /// <summary>Scores a data set.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="manifest">The data set.</param>
    /// <param name="request">What to store, and where.</param>
    /// <param name="report">Hears of progress.</param>
    /// <param name="cancellationToken">Cancels between images; no table is stored then.</param>
    /// <returns>What was stored.</returns>
    public async Task<ScoreReport> RunAsync(
        SegmentationEngine engine,
        DatasetManifest manifest,
        ScoreDatasetRequest request,
        Func<Progress, Task> report,
        CancellationToken cancellationToken)
    {
        var begin = timeProvider.GetTimestamp();
        var outputs = new EngineOutputs(request.WriteLabelMaps, false, request.WriteConfidenceMaps, NetworkResolution: true);
        var meter = new ProgressMeter("scoring", manifest.Items.Count, timeProvider);
        var rows = new List<ScoreRow>(manifest.Items.Count);
        var maps = new List<PredictionItem>();
        var predictions = new PredictionPipeline(engine).RunAsync(
            manifest.Items,
            (item, token) => files.ReadImageAsync(manifest, item, token),
            (image, token) => turns.RunAsync(() => engine.Predict(image, outputs), token),
            cancellationToken);
        await foreach (var (item, prediction) in predictions.ConfigureAwait(false))
        {
            if (prediction.Labels is not null)
            {
                maps.Add(await StoreMapsAsync(item, prediction, request.OutputPrefix, maps.Count, cancellationToken).ConfigureAwait(false));
            }

            rows.Add(new ScoreRow(item.Id, prediction.Score, prediction.NormalizedEntropy, Present(prediction.ClassPixels)));
            if (meter.Advance(rows.Count) is { } progress)
            {
                await report(progress).ConfigureAwait(false);
            }
        }

        var result = new ScoreReport { Images = rows.Count, Service = self.Service, Precision = self.Precision };
        if (request.WriteLabelMaps)
        {
            result.Predictions = await store.PutWrittenAsync(
                ArtifactKey.Combine(request.OutputPrefix, "predictions.json"),
                PredictionsManifest.MediaType,
                (stream, token) => new PredictionsManifest { Items = maps }.WriteAsync(stream, token),
                cancellationToken).ConfigureAwait(false);
        }

        result.ScoreTable = await store.PutWrittenAsync(
            ArtifactKey.Combine(request.OutputPrefix, "scores.parquet"),
            ScoreTable.MediaType,
            (stream, token) => ScoreTable.WriteAsync(stream, rows, token),
            cancellationToken).ConfigureAwait(false);
        LogScored(rows.Count, manifest.Name, timeProvider.GetElapsedTime(begin).TotalSeconds);
        return result;
    }

    [LoggerMessage(1, LogLevel.Information, "Scored {Images} images of '{Dataset}' in {Seconds:F1} s")]
    private partial void LogScored(int images, string dataset, double seconds);

    private static byte[] Present(long[] classPixels)
    {
        var bits = new byte[(classPixels.Length + 7) / 8];
        for (var k = 0; k < classPixels.Length; k++)
        {
            if (classPixels[k] > 0)
            {
                bits[k / 8] |= (byte)(1 << (k % 8));
            }
        }

        return bits;
    }

    private async Task<PredictionItem> StoreMapsAsync(
        DatasetItem item, EnginePrediction prediction, string prefix, int index, CancellationToken cancellationToken)
    {
        // Named by position: ids may hold characters that keys must not.
        var labels = await store.PutBytesAsync(
            ArtifactKey.Combine(prefix, $"labels/{index:D8}.png"), LabelMapWriter.EncodePng(prediction.Labels!), LabelMapWriter.MediaType, cancellationToken)
            .ConfigureAwait(false);
        var confidence = prediction.Confidence is null ? null : await store.PutBytesAsync(
            ArtifactKey.Combine(prefix, $"confidence/{index:D8}.png"), prediction.Confidence.EncodePng(), ConfidenceMap.MediaType, cancellationToken)
            .ConfigureAwait(false);
        return new PredictionItem(item.Id, StoredArtifact.From(labels), confidence is null ? null : StoredArtifact.From(confidence));
    }
}

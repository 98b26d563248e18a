using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Metrics;
using IntraDA.Segmenter.Predictions;

namespace IntraDA.Segmenter.Datasets;

/// <summary>Evaluates a network on a labelled data set and stores the per-image table.</summary>
/// <param name="store">Receives the table.</param>
/// <param name="files">Reads images and labels.</param>
/// <param name="turns">Bounds the images computed at a time.</param>
/// <param name="timeProvider">Clock.</param>
/// <param name="logger">Says what was evaluated.</param>
public sealed partial class DatasetEvaluation(
    IArtifactStore store, DatasetFileReader files, ImageTurns turns, TimeProvider timeProvider, ILogger<DatasetEvaluation> logger)
{
    /// <summary>Evaluates.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="manifest">The data set; every image has a label map.</param>
    /// <param name="prefix">Where the table is stored.</param>
    /// <param name="report">Hears of progress.</param>
    /// <param name="cancellationToken">Cancels between images; no table is stored then.</param>
    /// <returns>The report.</returns>
    /// <exception cref="Hosting.Errors.ServiceException">RESOURCE_EXHAUSTED: too many images wait for the first of these to be computed.</exception>
    public async Task<EvaluationReport> RunAsync(
        SegmentationEngine engine, DatasetManifest manifest, string prefix, Action<Progress> report, CancellationToken cancellationToken)
    {
        var begin = timeProvider.GetTimestamp();
        var meter = new ProgressMeter("evaluating", manifest.Items.Count, timeProvider);
        var histogram = new ConfusionHistogram(manifest.Classes.Names.Count);
        var images = new List<ImageErrorRow>(manifest.Items.Count);
        foreach (var item in manifest.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = await files.ReadImageAsync(manifest, item, cancellationToken).ConfigureAwait(false);
            var truth = await files.ReadLabelAsync(manifest, item, image, cancellationToken).ConfigureAwait(false);
            var (own, row) = await turns
                .RunAsync(() => Compare(engine, item.Id, image, truth), mayRefuse: images.Count == 0, cancellationToken).ConfigureAwait(false);
            histogram.Add(own);
            images.Add(row);
            if (meter.Advance(images.Count) is { } progress)
            {
                report(progress);
            }
        }

        var result = new EvaluationReport
        {
            Miou = Finite(histogram.MeanIntersectionOverUnion()),
            PixelAccuracy = Finite(histogram.PixelAccuracy()),
            Images = images.Count,
            Classes = manifest.Classes.ToProto(),
            PerImage = await store.PutWrittenAsync(
                ArtifactKey.Combine(prefix, "images.parquet"),
                ImageErrorTable.MediaType,
                (stream, token) => ImageErrorTable.WriteAsync(stream, images, token),
                cancellationToken).ConfigureAwait(false),
        };
        result.Confusion.AddRange(histogram.Counts);
        var iou = histogram.IntersectionOverUnion();
        result.Iou.AddRange(iou.Select(v => double.IsNaN(v) ? -1 : v));
        if (UrbanClasses.StarTrainIds(manifest.Classes.Names) is { } star)
        {
            result.Miou13 = star.Select(id => iou[id]).Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Average();
        }

        LogEvaluated(images.Count, manifest.Name, result.Miou, timeProvider.GetElapsedTime(begin).TotalSeconds);
        return result;
    }

    [LoggerMessage(1, LogLevel.Information, "Evaluated {Images} images of '{Dataset}' with a mIoU of {Miou:F4} in {Seconds:F1} s")]
    private partial void LogEvaluated(int images, string dataset, double miou, double seconds);

    private static (ConfusionHistogram Histogram, ImageErrorRow Row) Compare(SegmentationEngine engine, string id, RgbImage image, LabelMap truth)
    {
        var (labels, score) = engine.PredictLabels(image, truth.Width, truth.Height);
        var own = new ConfusionHistogram(engine.Description.Classes.Names.Count);
        var (labelled, wrong) = own.Add(truth.TrainIds, labels.TrainIds);
        return (own, new ImageErrorRow(id, score, wrong / (double)Math.Max(labelled, 1), own.MeanIntersectionOverUnion()));
    }

    // A set whose every pixel is ignored has no accuracy; 0 keeps the message's range.
    private static double Finite(double value) => double.IsNaN(value) ? 0 : value;
}

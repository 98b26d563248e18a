using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Telemetry;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Datasets;

/// <summary>Evaluates a network on a labelled data set and stores the per-image table.</summary>
/// <param name="store">Receives the table.</param>
/// <param name="files">Reads images and labels.</param>
/// <param name="telemetry">Counts images.</param>
/// <param name="timeProvider">Clock.</param>
/// <param name="logger">Says what was evaluated.</param>
public sealed partial class DatasetEvaluation(
    IArtifactStore store, DatasetFileReader files, ServiceTelemetry telemetry, TimeProvider timeProvider, ILogger<DatasetEvaluation> logger)
{
    /// <summary>Evaluates.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="manifest">The data set; every image has a label map.</param>
    /// <param name="prefix">Where the table is stored.</param>
    /// <param name="report">Hears of progress.</param>
    /// <param name="cancellationToken">Cancels between images; no table is stored then.</param>
    /// <returns>The report.</returns>
    public async Task<EvaluationReport> RunAsync(
        SegmentationEngine engine, DatasetManifest manifest, string prefix, Action<Progress> report, CancellationToken cancellationToken)
    {
        var begin = timeProvider.GetTimestamp();
        var meter = new ProgressMeter("evaluating", manifest.Items.Count, timeProvider);
        void Advance(int done)
        {
            telemetry.CountImage();
            if (meter.Advance(done) is { } progress)
            {
                report(progress);
            }
        }

        var (histogram, images) = await Task.Run(
            () => new NetworkEvaluation(files).RunAsync(engine, manifest, Advance, cancellationToken), cancellationToken).ConfigureAwait(false);
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

    // A set whose every pixel is ignored has no accuracy; 0 keeps the message's range.
    private static double Finite(double value) => double.IsNaN(value) ? 0 : value;
}

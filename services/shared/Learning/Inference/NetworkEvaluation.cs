using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Data.Files;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Metrics;

namespace IntraDA.Learning.Inference;

/// <summary>Evaluates an engine on a labelled data set at full label resolution.</summary>
/// <param name="files">Reads images and labels.</param>
public sealed class NetworkEvaluation(DatasetFileReader files)
{
    /// <summary>Evaluates.</summary>
    /// <param name="engine">The engine; its classes are those of the data set.</param>
    /// <param name="manifest">The data set; every image has a label map.</param>
    /// <param name="report">Called after each image with the number of images done.</param>
    /// <param name="cancellationToken">Cancels between images.</param>
    /// <returns>The histogram over all pixels, and one row per image.</returns>
    public async Task<(ConfusionHistogram Histogram, IReadOnlyList<ImageErrorRow> Images)> RunAsync(
        SegmentationEngine engine, DatasetManifest manifest, Action<int> report, CancellationToken cancellationToken)
    {
        var histogram = new ConfusionHistogram(manifest.Classes.Names.Count);
        var rows = new List<ImageErrorRow>(manifest.Items.Count);
        foreach (var item in manifest.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = await files.ReadImageAsync(manifest, item, cancellationToken).ConfigureAwait(false);
            var truth = await files.ReadLabelAsync(manifest, item, image, cancellationToken).ConfigureAwait(false);
            var (labels, score) = engine.PredictLabels(image, truth.Width, truth.Height);
            var own = new ConfusionHistogram(histogram.Classes);
            var (labelled, wrong) = own.Add(truth.TrainIds, labels.TrainIds);
            histogram.Add(own);
            rows.Add(new ImageErrorRow(item.Id, score, wrong / (double)Math.Max(labelled, 1), own.MeanIntersectionOverUnion()));
            report(rows.Count);
        }

        return (histogram, rows);
    }
}

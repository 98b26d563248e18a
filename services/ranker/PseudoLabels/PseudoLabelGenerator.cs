using System.Globalization;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Ranker.PseudoLabels;

/// <summary>Turns stored predictions of easy images into pseudo-labels, and both parts of the split into data sets.</summary>
/// <param name="store">Holds the predictions and receives the results; manifests are written last.</param>
/// <param name="outputPrefix">Prefix of the results.</param>
/// <param name="rule">The rule.</param>
/// <param name="imageDone">Called after each map that was looked at, by several threads.</param>
public sealed class PseudoLabelGenerator(IArtifactStore store, string outputPrefix, PseudoLabelRule rule, Action imageDone)
{
    // Decoding is what takes time; more at once would only hold more maps in memory.
    private const int Parallelism = 4;
    private static readonly ImageLimits Limits = new();
    private readonly Lock _lock = new();

    /// <summary>Number of maps that will be looked at.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>One per easy image and pass.</returns>
    public static int Work(PseudoLabelInputs inputs, PseudoLabelRule rule) =>
        inputs.Easy.Count * (rule.Policy == PseudoLabelPolicy.ClassBalanced ? 2 : 1);

    /// <summary>Makes and stores the pseudo-labels and the two data sets.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="cancellationToken">Stops; no manifest is written then.</param>
    /// <returns>What was stored.</returns>
    /// <exception cref="BadImageException">A stored map is none.</exception>
    /// <exception cref="DatasetException">A label map and its confidence map differ in size.</exception>
    public async Task<PseudoLabelReport> RunAsync(PseudoLabelInputs inputs, CancellationToken cancellationToken)
    {
        var classes = inputs.Dataset.Classes.Names.Count;
        var thresholds = await FindThresholdsAsync(inputs, classes, cancellationToken).ConfigureAwait(false);
        var labels = new DatasetFile[inputs.Easy.Count];
        var kept = new long[classes];
        var pixels = 0L;
        await ForEachAsync(inputs, async (index, token) =>
        {
            var (item, prediction) = inputs.Easy[index];
            var map = await ReadLabelsAsync(prediction, classes, token).ConfigureAwait(false);
            var masked = rule.NeedsConfidence
                ? PseudoLabelMask.Apply(map, await ReadConfidencesAsync(prediction, map, token).ConfigureAwait(false), thresholds)
                : map;
            labels[index] = await StoreAsync(index, prediction, map, masked, token).ConfigureAwait(false);
            lock (_lock)
            {
                PseudoLabelMask.Count(masked, kept);
                pixels += masked.TrainIds.Length;
            }
        }, cancellationToken).ConfigureAwait(false);

        return await ReportAsync(inputs, labels, kept, pixels, thresholds, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ushort[]> FindThresholdsAsync(PseudoLabelInputs inputs, int classes, CancellationToken cancellationToken)
    {
        if (rule.Policy != PseudoLabelPolicy.ClassBalanced)
        {
            var threshold = rule.Policy == PseudoLabelPolicy.Confidence ? ConfidenceMap.Quantize((float)rule.ConfidenceThreshold) : default;
            return [.. Enumerable.Repeat(threshold, classes)];
        }

        var histogram = new ConfidenceHistogram(classes);
        await ForEachAsync(inputs, async (index, token) =>
        {
            var prediction = inputs.Easy[index].Prediction;
            var map = await ReadLabelsAsync(prediction, classes, token).ConfigureAwait(false);
            var confidences = await ReadConfidencesAsync(prediction, map, token).ConfigureAwait(false);
            lock (_lock)
            {
                histogram.Add(map, confidences);
            }
        }, cancellationToken).ConfigureAwait(false);
        return histogram.Thresholds(rule.ClassShare);
    }

    private Task ForEachAsync(PseudoLabelInputs inputs, Func<int, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, inputs.Easy.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                await work(index, token).ConfigureAwait(false);
                imageDone();
            });

    private async Task<LabelMap> ReadLabelsAsync(PredictionItem prediction, int classes, CancellationToken cancellationToken)
    {
        var png = await ReadAsync(prediction.LabelMap, cancellationToken).ConfigureAwait(false);
        return LabelMapReader.Read(png, encoding: null, classes, prediction.LabelMap.Key, Limits);
    }

    private async Task<ConfidenceMap> ReadConfidencesAsync(PredictionItem prediction, LabelMap map, CancellationToken cancellationToken)
    {
        var reference = prediction.ConfidenceMap!;
        var confidences = ConfidenceMap.Decode(await ReadAsync(reference, cancellationToken).ConfigureAwait(false), reference.Key, Limits);
        return confidences.Width == map.Width && confidences.Height == map.Height
            ? confidences
            : throw new DatasetException(
                $"The confidence map '{reference.Key}' has {confidences.Width}x{confidences.Height} pixels, its label map {map.Width}x{map.Height}: score the data set again.");
    }

    private Task<byte[]> ReadAsync(StoredArtifact reference, CancellationToken cancellationToken) =>
        store.ReadBytesAsync(reference.ToArtifact(), (int)Limits.MaxBytes, cancellationToken);

    private async Task<DatasetFile> StoreAsync(
        int index, PredictionItem prediction, LabelMap map, LabelMap masked, CancellationToken cancellationToken)
    {
        // A prediction that is kept whole is its own pseudo-label.
        var stored = ReferenceEquals(map, masked)
            ? prediction.LabelMap
            : StoredArtifact.From(await store.PutBytesAsync(
                ArtifactKey.Combine(outputPrefix, string.Create(CultureInfo.InvariantCulture, $"labels/{index:D6}.png")),
                LabelMapWriter.EncodePng(masked),
                LabelMapWriter.MediaType,
                cancellationToken).ConfigureAwait(false));
        return new DatasetFile { Path = stored.Key, Sha256 = stored.Sha256, SizeBytes = stored.SizeBytes, InStore = true };
    }

    private async Task<PseudoLabelReport> ReportAsync(
        PseudoLabelInputs inputs, DatasetFile[] labels, long[] kept, long pixels, ushort[] thresholds, CancellationToken cancellationToken)
    {
        var report = new PseudoLabelReport { LabelledShare = pixels > 0 ? (double)kept.Sum() / pixels : 0 };
        report.ClassPixels.AddRange(kept);
        report.Thresholds.AddRange(thresholds.Select(threshold => threshold / (double)ushort.MaxValue));
        if (inputs.Easy.Count > 0)
        {
            report.EasyDataset = await StoreAsync(
                "easy",
                inputs.Dataset with
                {
                    Name = $"{inputs.Dataset.Name} (easy, pseudo-labelled)",

                    // Predictions are made at the network's resolution, which need not be the image's.
                    Labels = new LabelEncoding { SizesMayDiffer = true },
                    Items = [.. inputs.Easy.Select((pair, index) => pair.Item with { Label = labels[index] })],
                },
                cancellationToken).ConfigureAwait(false);
        }

        if (inputs.Hard.Count > 0)
        {
            report.HardDataset = await StoreAsync(
                "hard",
                inputs.Dataset with
                {
                    Name = $"{inputs.Dataset.Name} (hard)",
                    Labels = null,
                    Items = [.. inputs.Hard.Select(item => item with { Label = null })],
                },
                cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    private Task<Artifact> StoreAsync(string name, DatasetManifest manifest, CancellationToken cancellationToken) => store.PutBytesAsync(
        ArtifactKey.Combine(outputPrefix, $"{name}.json"), DatasetManifestJson.Serialize(manifest), DatasetManifest.MediaType, cancellationToken);
}

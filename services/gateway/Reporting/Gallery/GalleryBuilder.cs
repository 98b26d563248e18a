using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Services;

namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Draws the gallery.</summary>
/// <param name="files">Reads images and labels.</param>
/// <param name="predictor">Segments them.</param>
public sealed class GalleryBuilder(DatasetFileReader files, IGalleryPredictor predictor)
{
    /// <summary>Draws the gallery.</summary>
    /// <param name="request">What the workflow made.</param>
    /// <param name="images">The validation set's images under the inter network.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The gallery. What cannot be read or predicted is left out, and the result says why.</returns>
    /// <exception cref="RpcException">The segmenter does not answer for now: the report is worth trying again.</exception>
    public async Task<GalleryResult> BuildAsync(
        ReportRequest request, IReadOnlyList<ValidationImage> images, CancellationToken cancellationToken)
    {
        if (request.Validation is not { } validation || images.Count == 0)
        {
            return GalleryResult.None;
        }

        var problems = new List<string>();
        var entries = await ReadAsync(validation, GallerySelection.Choose(images), problems, cancellationToken);
        GalleryImage[] sent = [.. entries.Select(e => new GalleryImage(e.Image.Id, e.Encoded))];
        var inter = await PredictAsync(request, StageKind.Inter, sent, problems, cancellationToken);
        var intra = await PredictAsync(request, StageKind.Intra, sent, problems, cancellationToken);
        GalleryRow[] rows = [.. entries.Select(e => Row(e, validation.Classes, inter, intra, problems))];
        return new GalleryResult(rows, problems.Count == 0 ? null : string.Join(" ", problems.Distinct()));
    }

    private async Task<List<Entry>> ReadAsync(
        DatasetManifest validation, IReadOnlyList<(GalleryGroup Group, int Rank, ValidationImage Image)> chosen, List<string> problems,
        CancellationToken cancellationToken)
    {
        var items = validation.Items.ToDictionary(i => i.Id, StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var (group, rank, image) in chosen)
        {
            if (!items.TryGetValue(image.Id, out var item))
            {
                problems.Add($"The image '{image.Id}' is not in the validation set.");
                continue;
            }

            try
            {
                var encoded = await files.ReadAsync(validation, item.Image, cancellationToken);
                var decoded = ImageDecoder.Decode(encoded, item.Id, new ImageLimits());
                var photo = Thumbnails.Photo(decoded);
                var truth = item.Label is null
                    ? null
                    : Thumbnails.Labels(
                        await files.ReadLabelAsync(validation, item, decoded, cancellationToken),
                        validation.Classes, photo);
                entries.Add(new Entry(group, rank, image, encoded, photo, truth));
            }
            catch (Exception exception) when (exception is DatasetException or BadImageException)
            {
                problems.Add(exception.Message);
            }
        }

        return entries;
    }

    private async Task<Dictionary<string, GalleryPrediction>> PredictAsync(
        ReportRequest request, StageKind stage, GalleryImage[] images, List<string> problems, CancellationToken cancellationToken)
    {
        if (images.Length == 0 || !request.Checkpoints.TryGetValue(stage, out var checkpoint))
        {
            return [];
        }

        try
        {
            var predictions = await predictor.PredictAsync(checkpoint, images, cancellationToken);
            problems.AddRange(predictions.Where(p => p.Error is not null).Select(p => $"'{p.Id}' was not segmented: {p.Error}."));
            return predictions.Where(p => p.Error is null).ToDictionary(p => p.Id, StringComparer.Ordinal);
        }
        catch (RpcException exception) when (!Failures.IsTransient(exception))
        {
            problems.Add($"The {StageNames.Label(stage)} network could not be shown: {exception.Status.Detail}");
            return [];
        }
    }

    private static GalleryRow Row(
        Entry entry, ClassList classes, Dictionary<string, GalleryPrediction> inter, Dictionary<string, GalleryPrediction> intra,
        List<string> problems)
    {
        var id = entry.Image.Id;
        return new GalleryRow(
            entry.Group, entry.Rank, entry.Image, entry.Photo, entry.Truth,
            Draw(inter, id, p => Thumbnails.Prediction(p.LabelMap, classes, entry.Photo, id), problems),
            Draw(inter, id, p => Thumbnails.Entropy(p.EntropyMap, entry.Photo, id), problems),
            Draw(intra, id, p => Thumbnails.Prediction(p.LabelMap, classes, entry.Photo, id), problems));
    }

    private static Picture? Draw(
        Dictionary<string, GalleryPrediction> predictions, string id, Func<GalleryPrediction, Picture> draw, List<string> problems)
    {
        if (!predictions.TryGetValue(id, out var prediction))
        {
            return null;
        }

        try
        {
            return draw(prediction);
        }
        catch (BadImageException exception)
        {
            problems.Add(exception.Message);
            return null;
        }
    }

    private sealed record Entry(
        GalleryGroup Group, int Rank, ValidationImage Image, byte[] Encoded, Picture Photo, Picture? Truth);
}

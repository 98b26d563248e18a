using System.Text.Json.Nodes;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;

namespace IntraDA.Cli.Predict;

/// <summary>Writes the three files of a predicted image.</summary>
/// <param name="directory">The folder; it is made with the first file, so that a call that fails leaves none.</param>
internal sealed class PredictionWriter(string directory)
{
    /// <summary>Writes <c>NAME_labels.png</c>, <c>NAME_overlay.png</c> and <c>NAME_entropy.png</c>.</summary>
    /// <param name="image">The image's file, for messages.</param>
    /// <param name="name">NAME.</param>
    /// <param name="content">The image's bytes.</param>
    /// <param name="prediction">What the network says, with label map and entropy map.</param>
    /// <param name="classes">The label space.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What was written, for machines.</returns>
    /// <exception cref="BadImageException">The image or a map cannot be opened here.</exception>
    public async Task<JsonObject> WriteAsync(
        string image, string name, byte[] content, Prediction prediction, ClassSet classes, CancellationToken cancellationToken)
    {
        var limits = new ImageLimits();
        var labels = LabelMapReader.Read(prediction.LabelMap.Memory, encoding: null, classes.Names.Count, image, limits);
        var photograph = ImageDecoder.Decode(content, image, limits);
        var overlay = PredictionImages.Overlay(photograph, labels, PredictionImages.Palette(classes));
        var heat = PredictionImages.HeatMap(prediction.EntropyMap.Memory, image);
        return new JsonObject
        {
            ["image"] = image,
            ["labels"] = await SaveAsync(name + "_labels.png", prediction.LabelMap.Memory, cancellationToken),
            ["overlay"] = await SaveAsync(name + "_overlay.png", ImageEncoder.EncodePng(overlay), cancellationToken),
            ["entropy"] = await SaveAsync(name + "_entropy.png", ImageEncoder.EncodePng(heat), cancellationToken),
            ["score"] = prediction.Score,
            ["mean_entropy"] = prediction.Entropy,
        };
    }

    private async Task<string> SaveAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, file);
        await AtomicFile.WriteAsync(path, content, cancellationToken);
        return path;
    }
}

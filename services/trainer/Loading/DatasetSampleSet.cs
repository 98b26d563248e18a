using System.Security.Cryptography;
using System.Text;
using IntraDA.Data.Files;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Preprocessing;

namespace IntraDA.Trainer.Loading;

/// <summary>The images of a manifest, resized to training size: images bicubic with antialiasing, labels nearest, as published.</summary>
/// <param name="role">Name of the set's random order.</param>
/// <param name="manifest">The data set.</param>
/// <param name="labelled">Whether labels are read; where not, no label file is opened.</param>
/// <param name="width">Width of the samples.</param>
/// <param name="height">Height of the samples.</param>
/// <param name="files">Reads the files.</param>
/// <param name="cache">Keeps what was decoded.</param>
public sealed class DatasetSampleSet(
    string role, DatasetManifest manifest, bool labelled, int width, int height, DatasetFileReader files, SampleCache cache) : ISampleSet
{
    // A label file alone does not say what its pixels become: that depends on the encoding and on how many classes there are.
    private string? _protocol;

    /// <inheritdoc />
    public string Role { get; } = role;

    /// <inheritdoc />
    public int Count => manifest.Items.Count;

    /// <inheritdoc />
    public int Width { get; } = width;

    /// <inheritdoc />
    public int Height { get; } = height;

    /// <inheritdoc />
    public async ValueTask<Sample> LoadAsync(int index, CancellationToken cancellationToken)
    {
        var item = manifest.Items[index];
        _protocol ??= labelled ? Protocol(manifest) : "";
        var key = $"{item.Image.Sha256}/{(labelled ? item.Label?.Sha256 : "")}/{_protocol}/{Width}x{Height}";
        if (cache.Find(key) is { } kept)
        {
            return kept;
        }

        var image = await files.ReadImageAsync(manifest, item, cancellationToken).ConfigureAwait(false);
        byte[] rgb;
        using (var resized = ImagePreprocessor.Resize(image.Pixels, image.Width, image.Height, Width, Height))
        {
            rgb = resized.bytes.ToArray();
        }

        byte[]? trainIds = null;
        if (labelled)
        {
            var label = await files.ReadLabelAsync(manifest, item, image, cancellationToken).ConfigureAwait(false);
            trainIds = label.ResizeNearest(Width, Height).TrainIds;
        }

        var sample = new Sample(rgb, trainIds);
        cache.Keep(key, sample);
        return sample;
    }

    private static string Protocol(DatasetManifest manifest)
    {
        var encoding = manifest.Labels;
        var trainIds = encoding?.TrainIds?.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}>{pair.Value}");
        var text = string.Join(
            '\n',
            [
                $"{encoding?.Channel} {encoding?.SizesMayDiffer} {(trainIds is null ? "raw" : string.Join(' ', trainIds))}",
                .. manifest.Classes.Names,
            ]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

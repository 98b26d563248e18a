using IntraDA.Artifacts.Formats;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Output;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Splits;

/// <summary>Sends a split and its pseudo-labels to the gateway's store.</summary>
/// <param name="session">The command.</param>
/// <param name="gateway">The gateway.</param>
internal sealed class SplitUploader(CommandSession session, GatewayConnection gateway)
{
    private const int UploadsAtOnce = 4;
    private const int Named = 5;

    // As many as train ids can tell apart.
    private const int MostClasses = 254;

    private static readonly ImageLimits Limits = new();
    private readonly ArtifactUploader _uploader = new(gateway.Client);

    /// <summary>Reads the lists, and looks for the label map of every easy image.</summary>
    /// <param name="split">The files.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The ids of the easy images.</returns>
    /// <exception cref="CliException">A list is none, or label maps are missing.</exception>
    public static async Task<IReadOnlyList<string>> CheckAsync(GivenSplit split, CancellationToken cancellationToken)
    {
        var easy = await ReadAsync(split.EasyList, cancellationToken);
        _ = await ReadAsync(split.HardList, cancellationToken);
        if (split.Labels is { } folder)
        {
            PublishedNames.RequireDistinct(easy);
            var missing = easy.Select(PublishedNames.LabelFile).Where(file => !File.Exists(Path.Combine(folder, file))).ToList();
            if (missing.Count > 0)
            {
                var more = missing.Count > Named ? $" and {missing.Count - Named} more" : "";
                throw new CliException($"pseudo-labels of easy images are missing in {folder}: {string.Join(", ", missing.Take(Named))}{more}");
            }
        }

        return easy;
    }

    /// <summary>Sends everything, the manifest of the label maps last.</summary>
    /// <param name="split">The files.</param>
    /// <param name="easy">The ids of the easy images, see <see cref="CheckAsync"/>.</param>
    /// <param name="classes">Classes of the target.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="CliException">A label map is none of these classes.</exception>
    public async Task<StoredSplit> UploadAsync(GivenSplit split, IReadOnlyList<string> easy, int classes, CancellationToken cancellationToken) => new(
        await _uploader.UploadFileAsync(split.EasyList, SplitList.MediaType, cancellationToken),
        await _uploader.UploadFileAsync(split.HardList, SplitList.MediaType, cancellationToken),
        split.Labels is { } folder ? await UploadLabelsAsync(folder, easy, classes, cancellationToken) : null);

    private static async Task<IReadOnlyList<string>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(path);
            return await SplitList.ReadAsync(stream, cancellationToken);
        }
        catch (ArtifactFormatException e)
        {
            throw new CliException($"{path} is no list of images: {e.Message}");
        }
    }

    private async Task<Artifact> UploadLabelsAsync(
        string folder, IReadOnlyList<string> easy, int classes, CancellationToken cancellationToken)
    {
        await using var board = session.Output.OpenBoard();
        var meter = new RateMeter(board, session.Clock, "upload", "sending", "label map", easy.Count);
        var items = new PredictionItem[easy.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, items.Length, limits, async (index, token) =>
        {
            var path = Path.Combine(folder, PublishedNames.LabelFile(easy[index]));
            if (new FileInfo(path).Length > Limits.MaxBytes)
            {
                throw new CliException($"{path} is longer than {Limits.MaxBytes} bytes, so it is no label map");
            }

            var bytes = await File.ReadAllBytesAsync(path, token);
            RequireTrainIds(bytes, classes, path);
            items[index] = new PredictionItem(
                easy[index], StoredArtifact.From(await _uploader.UploadBytesAsync(bytes, LabelMapWriter.MediaType, token)), ConfidenceMap: null);
            meter.Add(1);
        });
        meter.Finish();
        using var manifest = new MemoryStream();
        await new PredictionsManifest { Items = items }.WriteAsync(manifest, cancellationToken);
        return await _uploader.UploadBytesAsync(manifest.ToArray(), PredictionsManifest.MediaType, cancellationToken);
    }

    // Ids of another list of classes would be taken for ignored pixels, and the run would learn from what is left.
    private static void RequireTrainIds(byte[] png, int classes, string path)
    {
        var all = LabelMapReader.Read(png, encoding: null, MostClasses, path, Limits);
        var odd = all.TrainIds.Where(id => id >= classes && id != ClassList.Ignore).DefaultIfEmpty(ClassList.Ignore).Min();
        if (odd != ClassList.Ignore)
        {
            throw new CliException($"{path} holds the value {odd}, which is no train id of {classes} classes: pseudo-labels hold 0..{classes - 1}, and 255 for ignored pixels");
        }
    }
}

using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Output;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Splits;

/// <summary>Sends a split and its pseudo-labels to the gateway's store.</summary>
/// <param name="session">The command.</param>
/// <param name="gateway">The gateway.</param>
internal sealed class SplitUploader(CommandSession session, GatewayConnection gateway)
{
    private const int UploadsAtOnce = 4;
    private const int Named = 5;

    private static readonly ImageLimits Limits = new();
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ArtifactUploader _uploader = new(gateway.Client);

    /// <summary>Reads the lists, and looks for the label map of every easy image.</summary>
    /// <param name="split">The files.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="CliException">A list is none, or label maps are missing.</exception>
    public static async Task<SplitIds> CheckAsync(GivenSplit split, CancellationToken cancellationToken)
    {
        var easy = await ReadAsync(split.EasyList, cancellationToken);
        var hard = await ReadAsync(split.HardList, cancellationToken);
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

        return new SplitIds(easy, hard);
    }

    /// <summary>Sends everything, the manifest of the label maps last.</summary>
    /// <param name="split">The files.</param>
    /// <param name="ids">The split's ids, see <see cref="CheckAsync"/>.</param>
    /// <param name="classes">Classes of the target.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="CliException">A label map is none of these classes.</exception>
    public async Task<StoredSplit> UploadAsync(GivenSplit split, SplitIds ids, int classes, CancellationToken cancellationToken) => new(
        await UploadListAsync(ids.Easy, cancellationToken),
        await UploadListAsync(ids.Hard, cancellationToken),
        split.Labels is { } folder ? await UploadLabelsAsync(folder, ids.Easy, classes, cancellationToken) : null);

    // As liberal as with a data set's own lists: editors leave a byte order mark, blanks and other systems' separators.
    private static async Task<IReadOnlyList<string>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(path, Strict, detectEncodingFromByteOrderMarks: true);
            var lines = ListLines.Of(await reader.ReadToEndAsync(cancellationToken));
            using var list = new MemoryStream(Strict.GetBytes(string.Join('\n', lines)));
            return await SplitList.ReadAsync(list, cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw new CliException($"{path} is no list of images: it is not UTF-8 text");
        }
        catch (ArtifactFormatException e)
        {
            throw new CliException($"{path} is no list of images: {e.Message}");
        }
    }

    private async Task<Artifact> UploadListAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        using var list = new MemoryStream();
        await SplitList.WriteAsync(list, ids, cancellationToken);
        return await _uploader.UploadBytesAsync(list.ToArray(), SplitList.MediaType, cancellationToken);
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
        var ids = LabelMapReader.ReadIds(png, path, Limits).Samples;
        var odd = ids.Where(id => id >= classes && id != ClassList.Ignore).DefaultIfEmpty(ClassList.Ignore).Min();
        if (odd != ClassList.Ignore)
        {
            throw new CliException($"{path} holds the value {odd}, which is no train id of {classes} classes: pseudo-labels hold 0..{classes - 1}, and 255 for ignored pixels");
        }
    }
}

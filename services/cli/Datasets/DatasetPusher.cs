using IntraDA.Cli.Composition;
using IntraDA.Cli.Gateways;
using IntraDA.Cli.Output;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Datasets;

/// <summary>Sends the files of a folder to the gateway's store, the manifest last.</summary>
/// <param name="session">The command.</param>
/// <param name="gateway">The gateway.</param>
internal sealed class DatasetPusher(CommandSession session, GatewayConnection gateway)
{
    // Small files are bound by the round trip, so a few travel at once.
    private const int UploadsAtOnce = 4;

    /// <summary>Sends a data set.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="place">The folder, resolved.</param>
    /// <param name="cancellationToken">Stops; without its manifest what was sent counts for nothing.</param>
    /// <returns>The stored manifest.</returns>
    /// <exception cref="DatasetException">The folder is not as its layout says.</exception>
    public async Task<Artifact> PushAsync(string name, DatasetPlace place, CancellationToken cancellationToken)
    {
        await using var board = session.Output.OpenBoard();
        var scanned = await DatasetScanner.ScanAsync(
            new LayoutRequest
            {
                Path = place.Directory,
                Layout = place.Layout,
                List = place.List ?? "",
                Split = place.Split,
                Protocol = place.Protocol,
                IgnoreLabels = place.IgnoreLabels,
                Name = name,
            },
            new ScanReporter(board, session.Clock),
            cancellationToken);
        var uploader = new ArtifactUploader(gateway.Client);
        var meter = new RateMeter(board, session.Clock, "upload", "sending", "image", scanned.Items.Count);
        var items = new DatasetItem[scanned.Items.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, items.Length, limits, async (index, token) =>
        {
            var item = scanned.Items[index];
            items[index] = item with
            {
                Image = await SendAsync(uploader, place, item.Image, token),
                Label = item.Label is null ? null : await SendAsync(uploader, place, item.Label, token),
            };
            meter.Add(1);
        });
        meter.Finish();
        return await uploader.UploadBytesAsync(
            DatasetManifestJson.Serialize(scanned with { Root = null, Items = items }), DatasetManifest.MediaType, cancellationToken);
    }

    private static async Task<DatasetFile> SendAsync(
        ArtifactUploader uploader, DatasetPlace place, DatasetFile file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(place.Directory, file.Path);
        var mediaType = Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase) ? "image/png" : "image/jpeg";
        var stored = await uploader.UploadFileAsync(path, mediaType, cancellationToken);
        return new DatasetFile { Path = stored.Key, Sha256 = stored.Sha256, SizeBytes = stored.SizeBytes };
    }

    // The framework's Progress posts to the thread pool, where reports overtake each other.
    private sealed class ScanReporter(IProgressBoard board, TimeProvider clock) : IProgress<ScanProgress>
    {
        private readonly PaceMeter _pace = new("reading", "image", total: 0, clock);

        public void Report(ScanProgress value) => board.Report("scan", ProgressFacts.From(_pace.At(value.Done, value.Total)));
    }
}

using System.Text.Json.Nodes;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Output;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using Spectre.Console;

namespace IntraDA.Cli.Splits;

/// <summary>Writes a workflow's split and pseudo-labels as the published code leaves them for its second step.</summary>
/// <param name="session">The command.</param>
/// <param name="client">The gateway.</param>
internal sealed class PseudoLabelExport(CommandSession session, GatewayService.GatewayServiceClient client)
{
    // Small files are bound by the round trip, so a few travel at once.
    private const int DownloadsAtOnce = 4;

    private static readonly ImageLimits Limits = new();
    private readonly ArtifactDownloader _downloader = new(client);

    /// <summary>Writes the label map of every easy image, in train ids and in colours, and then the two lists.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="directory">The folder; it is made.</param>
    /// <param name="cancellationToken">Stops; the lists are written last, so without them a folder is not whole.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <exception cref="CliException">The workflow has made no pseudo-labels, or two images would have one file.</exception>
    public async Task WriteAsync(Workflow workflow, string directory, CancellationToken cancellationToken)
    {
        var stage = workflow.Stages.FirstOrDefault(made => made is { Kind: StageKind.PseudoLabel, State: WorkflowState.Succeeded })
            ?? throw new CliException($"workflow {workflow.Id} has no pseudo-labels yet; see `intrada workflows show {workflow.Id}`");
        var easy = stage.Outputs.GetValueOrDefault("easy_dataset") is { } dataset
            ? DatasetManifestJson.Parse(await _downloader.DownloadBytesAsync(dataset, cancellationToken), dataset.Key)
            : null;
        PublishedNames.RequireDistinct((easy?.Items ?? []).Select(item => item.Id));
        Directory.CreateDirectory(directory);
        if (easy is not null)
        {
            await WriteLabelsAsync(easy, directory, cancellationToken);
        }

        var (easyList, hardList) = (Path.Combine(directory, PublishedNames.EasyList), Path.Combine(directory, PublishedNames.HardList));
        await _downloader.DownloadAsync(stage.Inputs["easy_split"], easyList, cancellationToken);
        await _downloader.DownloadAsync(stage.Inputs["hard_split"], hardList, cancellationToken);
        var count = easy?.Items.Count ?? 0;
        session.Output.Result(
            new JsonObject
            {
                ["out"] = directory,
                ["labels"] = count,
                ["easy_split"] = easyList,
                ["hard_split"] = hardList,
            },
            console => console.WriteLine($"{count} pseudo-labels, each in train ids and in colours, and the lists written to {directory}"));
    }

    private async Task WriteLabelsAsync(DatasetManifest easy, string directory, CancellationToken cancellationToken)
    {
        await using var board = session.Output.OpenBoard();
        var meter = new RateMeter(board, session.Clock, "pseudo-labels", "writing", "image", easy.Items.Count);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = DownloadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(easy.Items, limits, async (item, token) =>
        {
            var file = item.Label!;
            var stored = new Artifact { Key = file.Path, Sha256 = file.Sha256, SizeBytes = file.SizeBytes };
            var bytes = await _downloader.DownloadBytesAsync(stored, token);
            var map = LabelMapReader.Read(bytes, encoding: null, easy.Classes.Names.Count, item.Id, Limits);
            await AtomicFile.WriteAsync(Path.Combine(directory, PublishedNames.LabelFile(item.Id)), LabelMapWriter.EncodePng(map), token);
            await AtomicFile.WriteAsync(
                Path.Combine(directory, PublishedNames.ColorFile(item.Id)), LabelMapWriter.EncodeColorPng(map, easy.Classes), token);
            meter.Add(1);
        });
        meter.Finish();
    }
}

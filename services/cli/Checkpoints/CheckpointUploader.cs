using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Checkpoints;

/// <summary>Puts weights that lie in a file of this machine into the gateway's store, in the form that the services load.</summary>
/// <param name="client">The gateway.</param>
internal sealed class CheckpointUploader(GatewayService.GatewayServiceClient client)
{
    private readonly ArtifactUploader _uploader = new(client);

    /// <summary>Sends a network that predicts, from a file in PyTorch's form or as safetensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>Where it lies in the store.</returns>
    /// <exception cref="CliException">The file holds no such network; what is wrong with its tensors is named.</exception>
    public async Task<Artifact> UploadNetworkAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = await CheckpointFile.OpenAsync(path, prefix: null, cancellationToken);
        if (NetworkMetadata.IsNetwork(file.Metadata))
        {
            return await UploadFileAsync(path, cancellationToken);
        }

        var plan = ImportPlan.Make(file, new ImportRequest(
            path, List: false, ImportPlan.Recognise(file), Classes: null, Out: null, Prefix: null, Size: null, Store: true));
        return plan.IsInitial
            ? throw new CliException($"{path} has no main classifier (layer6), so it cannot segment: train from it with `intrada adapt --initial-weights`")
            : await UploadAsync(plan, cancellationToken);
    }

    /// <summary>Sends weights to start from: PyTorch's form is converted, every other file is sent as it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="architecture">The network that is to start from them.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>Where they lie in the store.</returns>
    /// <exception cref="CliException">They are not those of the network; all differences are named.</exception>
    public async Task<Artifact> UploadInitialAsync(string path, string architecture, CancellationToken cancellationToken)
    {
        if (!await CheckpointFile.IsPyTorchAsync(path, cancellationToken))
        {
            return await UploadFileAsync(path, cancellationToken);
        }

        await using var file = await CheckpointFile.OpenAsync(path, prefix: null, cancellationToken);
        return await UploadAsync(
            ImportPlan.Make(file, new ImportRequest(
                path, List: false, architecture, Classes: null, Out: null, Prefix: null, Size: null, Store: true)),
            cancellationToken);
    }

    /// <summary>Sends what is imported.</summary>
    /// <param name="plan">The tensors and what they are; their file is open.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>Where it lies in the store.</returns>
    public Task<Artifact> UploadAsync(ImportPlan plan, CancellationToken cancellationToken) => _uploader.UploadWrittenAsync(
        (stream, token) => SafetensorsWriter.WriteAsync(stream, plan.Tensors, plan.Metadata, token),
        SafetensorsReader.MediaType,
        cancellationToken);

    private Task<Artifact> UploadFileAsync(string path, CancellationToken cancellationToken) =>
        _uploader.UploadFileAsync(path, SafetensorsReader.MediaType, cancellationToken);
}

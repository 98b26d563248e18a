using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Checkpoints;

/// <summary>Weights of a segmentation network as a safetensors artefact.</summary>
public static class NetworkCheckpoint
{
    /// <summary>Stores a network's weights.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">Key to store them under.</param>
    /// <param name="network">The network.</param>
    /// <param name="description">Goes into the file's metadata.</param>
    /// <param name="cancellationToken">Cancels; nothing is stored then.</param>
    /// <returns>The reference.</returns>
    public static Task<Artifact> SaveAsync(
        IArtifactStore store, string key, SegmentationNetwork network, NetworkDescription description, CancellationToken cancellationToken)
    {
        var entries = network.Tensors.Select(t => TensorBytes.ToEntry(t.Name, t.Value)).ToArray();
        return store.PutWrittenAsync(
            key,
            SafetensorsReader.MediaType,
            (stream, token) => SafetensorsWriter.WriteAsync(stream, entries, description.ToMetadata(), token),
            cancellationToken);
    }

    /// <summary>Builds the network that a checkpoint describes.</summary>
    /// <param name="store">The store.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="placement">Precision and device.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Network (the caller owns it) and description.</returns>
    /// <exception cref="CheckpointException">The file does not describe a known network, or its tensors do not fit.</exception>
    public static async Task<(SegmentationNetwork Network, NetworkDescription Description)> LoadAsync(
        IArtifactStore store, Artifact checkpoint, TensorPlacement placement, CancellationToken cancellationToken)
    {
        var stream = await store.OpenReadAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = await SafetensorsReader.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
            var description = NetworkDescription.FromMetadata(reader.Metadata, checkpoint.Key);
            if (!Architectures.Names.Contains(description.Architecture))
            {
                throw new CheckpointException(
                    $"'{checkpoint.Key}' holds a network of unknown architecture '{description.Architecture}'; known are {string.Join(", ", Architectures.Names)}.");
            }

            var network = Architectures.Build(description.Architecture, description.Classes.Names.Count, placement);
            try
            {
                Copy(reader, network, checkpoint.Key, headsMayBeMissing: false);
                return (network, description);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// Loads initial weights into a network. A classifier may be absent, or made for other classes, as in weights from ImageNet: then it
    /// keeps what it has; one that fits in part is refused.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="network">Receives them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends when they are loaded.</returns>
    /// <exception cref="CheckpointException">Tensors do not fit; all of them are named.</exception>
    public static async Task LoadInitialAsync(
        IArtifactStore store, Artifact weights, SegmentationNetwork network, CancellationToken cancellationToken)
    {
        var stream = await store.OpenReadAsync(weights, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = await SafetensorsReader.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
            Copy(reader, network, weights.Key, headsMayBeMissing: true);
        }
    }

    private static void Copy(SafetensorsReader reader, SegmentationNetwork network, string name, bool headsMayBeMissing)
    {
        var problems = new List<string>();
        var wanted = network.Tensors.ToDictionary(t => t.Name);
        foreach (var entry in reader.Tensors.Where(e => !wanted.ContainsKey(e.Name)))
        {
            problems.Add($"unexpected {entry.Name}");
        }

        var fitting = new List<(NetworkTensor Tensor, SafetensorsTensor Entry)>();
        foreach (var group in network.Tensors.GroupBy(tensor => headsMayBeMissing ? HeadOf(tensor.Name) : ""))
        {
            var found = group.Select(tensor => (Tensor: tensor, Entry: reader.Find(tensor.Name))).ToList();
            var fits = found.Where(pair => Fits(pair.Tensor, pair.Entry)).ToList();
            // A classifier is loaded as a whole or not at all: the rest of a half would be random.
            if (group.Key.Length > 0 && fits.Count == 0)
            {
                continue;
            }

            fitting.AddRange(fits.Select(pair => (pair.Tensor, pair.Entry!)));
            problems.AddRange(found
                .Where(pair => !Fits(pair.Tensor, pair.Entry) && (pair.Entry is not null || pair.Tensor.Kind != ParameterKind.BatchCount))
                .Select(pair => pair.Entry is null
                    ? $"missing {pair.Tensor.Name}"
                    : $"{pair.Tensor.Name} is [{string.Join(", ", pair.Entry.Shape)}] instead of [{string.Join(", ", pair.Tensor.Value.shape)}]"));
        }

        if (problems.Count > 0)
        {
            throw new CheckpointException(
                $"'{name}' does not fit {network.Architecture} with {network.Classes} classes: {string.Join("; ", problems)}.");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (tensor, entry) in fitting)
        {
            tensor.Value.copy_(TensorBytes.Read(reader, entry));
        }
    }

    private static bool Fits(NetworkTensor tensor, SafetensorsTensor? entry) =>
        entry is not null && entry.Shape.SequenceEqual(tensor.Value.shape);

    // The classifier that a tensor belongs to; empty for the rest of the network.
    private static string HeadOf(string name) => SegmentationNetwork.IsHead(name) ? name[..name.IndexOf('.', StringComparison.Ordinal)] : "";
}

using System.Globalization;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Checkpoints;

/// <summary>Which tensors of a file are imported, and as what.</summary>
internal sealed class ImportPlan
{
    private const string MainBias = "layer6.conv2d_list.0.bias";

    private ImportPlan(IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyList<string> leftOut, bool initial)
    {
        Tensors = tensors;
        LeftOut = leftOut;
        IsInitial = initial;
    }

    /// <summary>The tensors that are kept.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>Names of those that are not: a classifier for ImageNet.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Whether they are initial weights, without the network's classifiers.</summary>
    public bool IsInitial { get; }

    /// <summary>Metadata to write.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = NetworkMetadata.Plain;

    /// <summary>Decides.</summary>
    /// <param name="file">The file.</param>
    /// <param name="request">What is to be done.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="CliException">The tensors are not those of the architecture; all differences are named.</exception>
    public static ImportPlan Make(CheckpointFile file, ImportRequest request)
    {
        // Every trained network has a main classifier; the published initial weights have another one in the place of the first.
        var initial = !file.Tensors.Any(tensor => PublishedLayout.IsMainHead(tensor.Name))
            && (request.Architecture is not null || file.Prefix.EndsWith(TensorNames.CaffePrefix, StringComparison.Ordinal));
        var leftOut = initial ? file.Tensors.Where(tensor => PublishedLayout.IsLeftOutOfInitialWeights(tensor.Name)).ToList() : [];
        List<SafetensorsEntry> kept = [.. file.Tensors.Except(leftOut)];
        var metadata = request.Architecture is { } architecture ? Check(kept, architecture, initial, request)
            : file.Metadata.Count > 0 ? file.Metadata
            : NetworkMetadata.Plain;
        return new ImportPlan(kept, [.. leftOut.Select(tensor => tensor.Name)], initial) { Metadata = metadata };
    }

    private static IReadOnlyDictionary<string, string> Check(
        List<SafetensorsEntry> tensors, string architecture, bool initial, ImportRequest request)
    {
        var classes = request.Classes ?? NetworkClasses.Of(initial ? 2 : Count(tensors));
        var differences = LayoutDifferences.Find(
            PublishedLayout.Of(architecture, classes.Names.Count),
            tensors.Select(tensor => (tensor.Name, tensor.DataType, tensor.Shape)),
            headsMayDiffer: initial);
        if (differences.Count > 0)
        {
            var count = initial ? "" : string.Create(CultureInfo.InvariantCulture, $" with {classes.Names.Count} classes");
            throw new CliException($"{request.File} does not fit {architecture}{count}: {string.Join("; ", differences)}");
        }

        if (initial)
        {
            return NetworkMetadata.OfInitialWeights(architecture);
        }

        // The published networks have a published size; others must be told, since the weights do not show it.
        var size = request.Size ?? (architecture.StartsWith("deeplabv2", StringComparison.Ordinal) || request.Out is null
            ? (1024, 512)
            : throw new CliException($"the input size of a {architecture} network is missing: give --width and --height as it was trained"));
        return NetworkMetadata.OfNetwork(architecture, classes, size.Item1, size.Item2);
    }

    private static int Count(List<SafetensorsEntry> tensors) =>
        tensors.Find(tensor => tensor.Name == MainBias) is { Shape: [>= 2 and <= 254 and var count] }
            ? (int)count
            : throw new CliException($"the number of classes cannot be seen, since {MainBias} is missing or of another shape: give --classes");
}

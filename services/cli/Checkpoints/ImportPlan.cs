using System.Globalization;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Checkpoints;

/// <summary>Which tensors of a file are imported, and as what.</summary>
internal sealed class ImportPlan
{
    private const string DefaultClasses = "19";

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

    /// <summary>What they are weights of; null where that was not asked.</summary>
    public string? Architecture { get; private init; }

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
            && (request.Architecture is not null || file.Prefix.EndsWith(TensorNames.CaffePrefix, StringComparison.Ordinal))
            && (request.Initial || !IsHalfANetwork(file, request.Architecture));
        var leftOut = initial ? file.Tensors.Where(tensor => PublishedLayout.IsLeftOutOfInitialWeights(tensor.Name)).ToList() : [];
        List<SafetensorsEntry> kept = [.. file.Tensors.Except(leftOut)];
        var metadata = request.Architecture is { } architecture ? Check(kept, architecture, initial, request)
            : file.Metadata.Count > 0 ? file.Metadata
            : NetworkMetadata.Plain;
        return new ImportPlan(kept, [.. leftOut.Select(tensor => tensor.Name)], initial)
        {
            Metadata = metadata,
            Architecture = request.Architecture ?? metadata.GetValueOrDefault(NetworkMetadata.ArchitectureKey),
        };
    }

    /// <summary>The architecture that a file's tensors fit, or fit best.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its name.</returns>
    public static string Recognise(CheckpointFile file)
    {
        var initial = !file.Tensors.Any(tensor => PublishedLayout.IsMainHead(tensor.Name));
        var tensors = file.Tensors
            .Where(tensor => !(initial && PublishedLayout.IsLeftOutOfInitialWeights(tensor.Name)))
            .Select(tensor => (tensor.Name, tensor.DataType, tensor.Shape))
            .ToList();
        var classes = NetworkClasses.Of(Count(file.Tensors)).Names.Count;
        return file.Metadata.GetValueOrDefault(NetworkMetadata.ArchitectureKey)
            ?? PublishedLayout.Architectures.MinBy(
                architecture => LayoutDifferences.Find(PublishedLayout.Of(architecture, classes), tensors, headsMayDiffer: initial).Count)!;
    }

    // The classifier that is left out of initial weights has another input than the network's auxiliary one. Where that is there and
    // the main one is not, a trained network has lost it.
    private static bool IsHalfANetwork(CheckpointFile file, string? architecture)
    {
        if (architecture is null)
        {
            return false;
        }

        var wanted = PublishedLayout.Of(architecture, 2).Where(tensor => tensor.IsHead).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        return file.Tensors.Any(tensor => tensor.Shape.Count == 4
            && wanted.TryGetValue(tensor.Name, out var shape)
            && tensor.Shape.Skip(1).SequenceEqual(shape.Skip(1)));
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
        var size = request.Size ?? (architecture.StartsWith("deeplabv2", StringComparison.Ordinal) || !request.IsKept
            ? (1024, 512)
            : throw new CliException(
                $"{request.File} does not say the input size of its {architecture} network: import it with --width and --height as it was trained"));
        return NetworkMetadata.OfNetwork(architecture, classes, size.Item1, size.Item2);
    }

    // As most tensors of the classifiers have it, so that the others can be named as those that do not fit.
    private static int Count(IEnumerable<SafetensorsEntry> tensors) => tensors
        .Where(tensor => PublishedLayout.IsHead(tensor.Name) && tensor.Shape is [>= 2 and <= 254, ..])
        .CountBy(tensor => (int)tensor.Shape[0])
        .OrderByDescending(pair => pair.Value)
        .Select(pair => pair.Key)
        .DefaultIfEmpty(int.Parse(DefaultClasses, CultureInfo.InvariantCulture))
        .First();
}

using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>What keeps tensors from being those of an architecture.</summary>
public static class LayoutDifferences
{
    /// <summary>Finds all differences.</summary>
    /// <param name="layout">The architecture's tensors.</param>
    /// <param name="tensors">Those at hand: name, type and shape.</param>
    /// <param name="headsMayBeMissing">Whether they may be initial weights, without classifiers.</param>
    /// <returns>A phrase for each missing, unexpected or wrongly shaped tensor, with its name; empty where they fit.</returns>
    public static IReadOnlyList<string> Find(
        IReadOnlyList<LayoutTensor> layout,
        IEnumerable<(string Name, SafetensorsDataType DataType, IReadOnlyList<long> Shape)> tensors,
        bool headsMayBeMissing)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(tensors);
        var found = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var differences = new List<string>();
        foreach (var wanted in layout)
        {
            if (!found.Remove(wanted.Name, out var tensor))
            {
                if (!wanted.IsOptional && !(headsMayBeMissing && wanted.IsHead))
                {
                    differences.Add($"missing {wanted.Name}");
                }
            }
            else if (!tensor.Shape.SequenceEqual(wanted.Shape))
            {
                differences.Add($"{wanted.Name} is [{string.Join(", ", tensor.Shape)}] instead of [{string.Join(", ", wanted.Shape)}]");
            }
            else if (!wanted.IsOptional && !IsReal(tensor.DataType))
            {
                differences.Add($"{wanted.Name} is of type {tensor.DataType} instead of {wanted.DataType}");
            }
        }

        differences.AddRange(found.Keys.Order(StringComparer.Ordinal).Select(name => $"unexpected {name}"));
        return differences;
    }

    private static bool IsReal(SafetensorsDataType type) =>
        type is SafetensorsDataType.F16 or SafetensorsDataType.BF16 or SafetensorsDataType.F32 or SafetensorsDataType.F64;
}

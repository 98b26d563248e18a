using System.Globalization;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>What keeps tensors from being those of an architecture.</summary>
public static class LayoutDifferences
{
    private const int NamedAlone = 12;

    /// <summary>Finds all differences.</summary>
    /// <param name="layout">The architecture's tensors.</param>
    /// <param name="tensors">Those at hand: name, type and shape.</param>
    /// <param name="headsMayDiffer">Whether they may be initial weights, without classifiers or with those of other classes.</param>
    /// <returns>Each missing, unexpected or wrongly shaped tensor; empty where they fit.</returns>
    public static IReadOnlyList<LayoutDifference> Find(
        IReadOnlyList<LayoutTensor> layout,
        IEnumerable<(string Name, SafetensorsDataType DataType, IReadOnlyList<long> Shape)> tensors,
        bool headsMayDiffer)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(tensors);
        var found = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var differences = new List<LayoutDifference>();
        foreach (var wanted in layout)
        {
            var isThere = found.Remove(wanted.Name, out var tensor);
            if (headsMayDiffer && wanted.IsHead)
            {
                continue;
            }

            if (!isThere)
            {
                if (!wanted.IsOptional)
                {
                    differences.Add(new(LayoutDifferenceKind.Missing, wanted.Name, $"missing {wanted.Name}"));
                }
            }
            else if (!tensor.Shape.SequenceEqual(wanted.Shape))
            {
                differences.Add(new(
                    LayoutDifferenceKind.Other,
                    wanted.Name,
                    $"{wanted.Name} is [{string.Join(", ", tensor.Shape)}] instead of [{string.Join(", ", wanted.Shape)}]"));
            }
            else if (!wanted.IsOptional && !IsReal(tensor.DataType))
            {
                differences.Add(new(
                    LayoutDifferenceKind.Other, wanted.Name, $"{wanted.Name} is of type {tensor.DataType} instead of {wanted.DataType}"));
            }
        }

        differences.AddRange(found.Keys.Order(StringComparer.Ordinal)
            .Select(name => new LayoutDifference(LayoutDifferenceKind.Unexpected, name, $"unexpected {name}")));
        return differences;
    }

    /// <summary>Puts differences into one line of bearable length: few are named alone, many by the part of the network they are in.</summary>
    /// <param name="differences">At least one.</param>
    /// <returns>E.g. <c>missing layer3.* (115), bn1.weight; unexpected fc.* (2)</c>, without a full stop.</returns>
    public static string Summarize(IReadOnlyList<LayoutDifference> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return differences.Count <= NamedAlone
            ? string.Join("; ", differences)
            : string.Join("; ", differences.GroupBy(difference => difference.Kind).Select(OfKind));
    }

    private static string OfKind(IGrouping<LayoutDifferenceKind, LayoutDifference> differences)
    {
        var parts = differences.GroupBy(difference => difference.Name.Split('.')[0], StringComparer.Ordinal).ToList();
        var named = parts.Take(NamedAlone).Select(part => part.ToList() is [var only]
            ? differences.Key == LayoutDifferenceKind.Other ? only.Phrase : only.Name
            : string.Create(CultureInfo.InvariantCulture, $"{part.Key}.* ({part.Count()}{(differences.Key == LayoutDifferenceKind.Other ? $", e.g. {part.First()}" : "")})"));
        var left = parts.Skip(NamedAlone).Sum(part => part.Count());
        var list = string.Join(", ", named) + (left > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {left} more") : "");
        return differences.Key switch
        {
            LayoutDifferenceKind.Missing => $"missing {list}",
            LayoutDifferenceKind.Unexpected => $"unexpected {list}",
            _ => $"of another shape {list}",
        };
    }

    private static bool IsReal(SafetensorsDataType type) =>
        type is SafetensorsDataType.F16 or SafetensorsDataType.BF16 or SafetensorsDataType.F32 or SafetensorsDataType.F64;
}

using System.Globalization;
using IntraDA.Artifacts.Formats.PyTorch.Pickle;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>Finds the state dict in what was pickled.</summary>
internal static class StateDict
{
    private const int MaxWrappers = 8;

    // Most telling first: where a file has several, the others hold something else.
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model", "network", "net"];

    /// <summary>Finds the dictionary of tensors, in its wrappers if there are any.</summary>
    public static PickleDictionary Find(object? root)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw new ArtifactFormatException(root is PickledTensor
                ? "The file holds a single tensor, not a state dict."
                : "The file holds no state dict: save model.state_dict() with torch.save.");
        }

        for (var level = 0; level < MaxWrappers; level++)
        {
            if (Inner(dictionary) is not { } inner)
            {
                return dictionary;
            }

            dictionary = inner;
        }

        throw new ArtifactFormatException($"The file wraps its state dict more than {MaxWrappers} times.");
    }

    /// <summary>A key for people: what could move a terminal's cursor is left out.</summary>
    /// <param name="key">The key, of any kind.</param>
    /// <returns>One line.</returns>
    public static string Shown(object? key) => key switch
    {
        null => "None",
        string text => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "True" : "False",
        _ => "?",
    };

    private static PickleDictionary? Inner(PickleDictionary dictionary)
    {
        foreach (var wrapper in Wrappers)
        {
            if (dictionary.Find(wrapper) is PickleDictionary inner
                && inner != dictionary
                && (HasTensors(inner) || Wrappers.Any(w => inner.Find(w) is PickleDictionary)))
            {
                return inner;
            }
        }

        if (HasTensors(dictionary))
        {
            return null;
        }

        var candidates = dictionary.Items.Where(item => item.Value is PickleDictionary inner && HasTensors(inner)).ToList();
        return candidates switch
        {
            [] => null,
            [var only] => (PickleDictionary)only.Value!,
            _ => throw new ArtifactFormatException(
                $"The file holds several state dicts ({string.Join(", ", candidates.Select(item => Shown(item.Key)))}): save the one that is wanted alone."),
        };
    }

    private static bool HasTensors(PickleDictionary dictionary) => dictionary.Items.Any(item => item is { Key: string, Value: PickledTensor });
}

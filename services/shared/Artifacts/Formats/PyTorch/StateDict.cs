using System.Globalization;
using IntraDA.Artifacts.Formats.PyTorch.Pickle;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>Finds the state dict in what was pickled.</summary>
internal static class StateDict
{
    private const int MaxWrappers = 8;

    // Most telling first: where a file has several, the others hold something else.
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model_state", "model", "network", "net", "weights", "params"];

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
        string text => VisibleText.Of(text),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "True" : "False",
        _ => "?",
    };

    private static PickleDictionary? Inner(PickleDictionary dictionary)
    {
        foreach (var wrapper in Wrappers)
        {
            if (dictionary.Find(wrapper) is PickleDictionary inner && inner != dictionary && (Tensors(inner) > 0 || IsWrapper(inner)))
            {
                return inner;
            }
        }

        // A step counter or a best score beside a wrapped network is a tensor, too; a network's own extra state is the smaller part.
        var own = Tensors(dictionary);
        var candidates = dictionary.Items.Where(item => item.Value is PickleDictionary inner && Tensors(inner) > own).ToList();
        if (candidates.Count == 0 && own == 0)
        {
            candidates = [.. dictionary.Items.Where(item => item.Value is PickleDictionary inner && inner != dictionary && IsWrapper(inner))];
        }

        return candidates switch
        {
            [] => null,
            [var only] => (PickleDictionary)only.Value!,
            _ => throw new ArtifactFormatException(
                $"The file holds several state dicts ({string.Join(", ", candidates.Select(item => Shown(item.Key)))}): save the one that is wanted alone."),
        };
    }

    private static int Tensors(PickleDictionary dictionary) => dictionary.Items.Count(item => item is { Key: string, Value: PickledTensor });

    private static bool IsWrapper(PickleDictionary dictionary) => Wrappers.Any(wrapper => dictionary.Find(wrapper) is PickleDictionary);
}

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>Names of tensors without the prefix that a wrapper of the network gave them.</summary>
public static class TensorNames
{
    /// <summary>The prefix of weights that were converted from Caffe, as the published initial weights are.</summary>
    public const string CaffePrefix = "Scale.";

    private static readonly string[] KnownPrefixes = ["module.", CaffePrefix];

    /// <summary>Takes a prefix off names.</summary>
    /// <param name="names">The names.</param>
    /// <param name="wanted">The prefix; null: known ones that all names have.</param>
    /// <returns>The prefix that was taken off, and the names in their order.</returns>
    /// <exception cref="ArtifactFormatException">No name has the wanted prefix, or two are the same without it.</exception>
    public static (string Prefix, IReadOnlyList<string> Names) Strip(IReadOnlyList<string> names, string? wanted)
    {
        var stripped = "";
        var current = names;
        if (wanted is null)
        {
            while (current.Count > 0 && Array.Find(KnownPrefixes, p => current.All(name => Has(name, p))) is { } known)
            {
                stripped += known;
                current = [.. current.Select(name => name[known.Length..])];
            }
        }
        else if (wanted.Length > 0)
        {
            stripped = wanted.EndsWith('.') ? wanted : wanted + ".";
            if (!names.Any(name => Has(name, stripped)))
            {
                throw new ArtifactFormatException($"No tensor's name begins with '{stripped}'.");
            }

            current = [.. names.Select(name => Has(name, stripped) ? name[stripped.Length..] : name)];
        }

        if (current.CountBy(name => name, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
        {
            throw new ArtifactFormatException($"Without the prefix '{stripped}', two tensors are named '{twice}'.");
        }

        return (stripped, current);
    }

    private static bool Has(string name, string prefix) => name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal);
}

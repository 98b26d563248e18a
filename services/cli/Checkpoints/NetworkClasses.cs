using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntraDA.Cli.Errors;
using IntraDA.Data.Labels;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Checkpoints;

/// <summary>The classes of an imported network, which weights do not tell.</summary>
internal static class NetworkClasses
{
    private const int Most = 254;
    private const string Form = """{"names": ["road", "car"], "palette": [[128, 64, 128], [0, 0, 142]], "rare": [1]}""";

    /// <summary>Reads what the user says of the classes.</summary>
    /// <param name="text">A protocol (19, 16 or 13), another number of classes, or a file of the form of a plain folder's classes.json.</param>
    /// <returns>The classes.</returns>
    /// <exception cref="CliException">It is none of these.</exception>
    public static ClassList Parse(string text)
    {
        if (!File.Exists(text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return Of(count);
        }

        if (!File.Exists(text))
        {
            throw new CliException(
                $"--classes must be one of {string.Join(", ", UrbanClasses.Protocols)}, a number of classes or a file, and there is no file {text}");
        }

        try
        {
            return FromFile(JsonNode.Parse(File.ReadAllText(text)), text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CliException($"{text} does not list classes: write {Form}; all but the names may be left out");
        }
    }

    /// <summary>The classes of a number: a protocol's, or unnamed ones.</summary>
    /// <param name="count">Number of classes.</param>
    /// <returns>The classes.</returns>
    /// <exception cref="CliException">A network cannot have so many.</exception>
    public static ClassList Of(int count)
    {
        var name = count.ToString(CultureInfo.InvariantCulture);
        return UrbanClasses.Protocols.Contains(name) ? UrbanClasses.Classes(name)
            : count is >= 2 and <= Most ? Named([.. Enumerable.Range(0, count).Select(id => string.Create(CultureInfo.InvariantCulture, $"class {id}"))])
            : throw new CliException($"a network has 2 to {Most} classes, not {count}");
    }

    private static ClassList FromFile(JsonNode? node, string path)
    {
        string[] names = [.. (node?["names"]?.AsArray() ?? []).Select(name => name?.GetValue<string>() ?? "")];
        if (names.Length is < 2 or > Most || names.Any(string.IsNullOrWhiteSpace) || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            throw new CliException($"{path} must list 2 to {Most} different class names: write {Form}; all but the names may be left out");
        }

        int[] rare = [.. (node?["rare"]?.AsArray() ?? []).Select(id => id?.GetValue<int>() ?? -1)];
        if (rare.Any(id => id < 0 || id >= names.Length) || rare.Distinct().Count() != rare.Length)
        {
            throw new CliException($"'rare' in {path} must list different train ids of 0..{names.Length - 1}");
        }

        var classes = Named(names) with { RareTrainIds = rare };
        if (node?["palette"] is not { } palette)
        {
            return classes;
        }

        int[][] colors = [.. palette.AsArray().Select(color => color?.AsArray().Select(value => value?.GetValue<int>() ?? -1).ToArray() ?? [])];
        return colors.Length == names.Length && colors.All(color => color.Length == 3 && color.All(value => value is >= 0 and <= 255))
            ? classes with { Palette = [.. colors.SelectMany(color => color).Select(value => (byte)value)] }
            : throw new CliException($"'palette' in {path} must have three numbers in 0..255 for each of the {names.Length} classes");
    }

    private static ClassList Named(IReadOnlyList<string> names) => new() { Names = names, Palette = Palettes.ForNames(names) };
}

using System.Text.Json;
using MinEntTrainer.Service;

namespace MinEntTrainer.Data;

/// <summary>A data set's manifest, "intrada.dataset/1" (docs/formats.md), as far as a training reads it.</summary>
/// <param name="Format">Form of the document.</param>
/// <param name="Name">For people.</param>
/// <param name="Classes">The label space.</param>
/// <param name="Labels">How label files are read; null where there are none.</param>
/// <param name="Root">Folder of the files; null: paths are keys of the store.</param>
/// <param name="Items">The images.</param>
internal sealed record ManifestDocument(
    string Format, string Name, ManifestClasses Classes, ManifestLabels? Labels, string? Root, IReadOnlyList<ManifestItem> Items)
{
    private const string Known = "intrada.dataset/1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a manifest.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="field">The request's field that names it.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="Refusal">INVALID_ARGUMENT: it is none.</exception>
    public static ManifestDocument Parse(byte[] bytes, string field)
    {
        try
        {
            return JsonSerializer.Deserialize<ManifestDocument>(bytes, Json) is { Format: Known, Classes.Names.Count: >= 2 and <= 254, Items: not null } manifest
                ? manifest
                : throw SpecRules.Bad(field, $"It is no manifest of the form {Known}; register the data set again.");
        }
        catch (JsonException e)
        {
            throw SpecRules.Bad(field, $"It is no manifest of the form {Known} ({e.Message}); register the data set again.");
        }
    }
}

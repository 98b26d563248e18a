using System.Text.Json;

namespace IntraDA.Data.Manifests;

/// <summary>Stores manifests as JSON ("intrada.dataset/1"): camel case, UTF-8, palette in base64.</summary>
public static class DatasetManifestJson
{
    /// <summary>Writes a manifest. Equal manifests give equal bytes.</summary>
    /// <param name="manifest">A valid manifest.</param>
    /// <returns>UTF-8 without byte-order mark.</returns>
    /// <exception cref="DatasetException">The manifest is not valid; all reasons at once.</exception>
    public static byte[] Serialize(DatasetManifest manifest)
    {
        ManifestValidator.Validate(manifest, manifest.Name);
        return JsonSerializer.SerializeToUtf8Bytes(Sorted(manifest), ManifestJsonContext.Default.DatasetManifest);
    }

    /// <summary>Reads a manifest and checks all of it.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <returns>A valid manifest.</returns>
    /// <exception cref="DatasetException">Not a manifest, or not a valid one; all reasons at once.</exception>
    public static DatasetManifest Parse(ReadOnlySpan<byte> json, string name)
    {
        DatasetManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ManifestJsonContext.Default.DatasetManifest);
        }
        catch (JsonException exception)
        {
            throw new DatasetException($"'{name}' is not a data-set manifest: {Reason(exception)}", exception);
        }

        if (manifest is null)
        {
            throw new DatasetException($"'{name}' is not a data-set manifest: it holds null.");
        }

        manifest = Completed(manifest);
        ManifestValidator.Validate(manifest, name);
        return manifest;
    }

    // Generated readers give init-only members null, not their initial value, where they are left out.
    private static DatasetManifest Completed(DatasetManifest manifest) => manifest with
    {
        Format = manifest.Format ?? string.Empty,
        Classes = manifest.Classes with { RareTrainIds = manifest.Classes.RareTrainIds ?? [] },
        Items =
        [
            .. manifest.Items.Select(item =>
                item is { Attributes: null } ? item with { Attributes = new Dictionary<string, string>() } : item),
        ],
    };

    private static string Reason(JsonException exception)
    {
        var place = exception.Path is { Length: > 1 } path ? $"at {path}: " : string.Empty;
        return place + exception.Message.Split(" Path: ")[0];
    }

    // Dictionaries keep the order of insertion, which is not part of what they mean.
    private static DatasetManifest Sorted(DatasetManifest manifest) => manifest with
    {
        Labels = manifest.Labels is { TrainIds: { } map }
            ? manifest.Labels with { TrainIds = new SortedDictionary<int, int>(map.ToDictionary()) }
            : manifest.Labels,
        Items =
        [
            .. manifest.Items.Select(item => item with
            {
                Attributes = new SortedDictionary<string, string>(item.Attributes.ToDictionary(), StringComparer.Ordinal),
            }),
        ],
    };
}

using System.Text.Json;

namespace IntraDA.Artifacts.Formats;

/// <summary>Stored predictions of a data set, JSON in the form "intrada.predictions/1".</summary>
public sealed record PredictionsManifest
{
    /// <summary>Value of <see cref="Format"/> that this version reads and writes.</summary>
    public const string CurrentFormat = "intrada.predictions/1";

    /// <summary>Media type of a stored manifest.</summary>
    public const string MediaType = "application/vnd.intrada.predictions+json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = false, RespectRequiredConstructorParameters = true };

    /// <summary>Form of the document.</summary>
    /// <value>Always <see cref="CurrentFormat"/>.</value>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>One per image, in the order of the data set.</summary>
    public required IReadOnlyList<PredictionItem> Items { get; init; }

    /// <summary>Writes the manifest.</summary>
    /// <param name="stream">Receives UTF-8 JSON.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(stream, this, Json, cancellationToken);

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="stream">UTF-8 JSON.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="ArtifactFormatException">It is none, of another form, or names an image twice.</exception>
    public static async Task<PredictionsManifest> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        PredictionsManifest? manifest;
        try
        {
            manifest = await JsonSerializer.DeserializeAsync<PredictionsManifest>(stream, Json, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw new ArtifactFormatException($"The predictions manifest is not JSON of the form {CurrentFormat}: {e.Message}", e);
        }

        if (manifest?.Format != CurrentFormat || manifest.Items is null)
        {
            throw new ArtifactFormatException($"The predictions manifest has the form '{manifest?.Format}'; {CurrentFormat} is read.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in manifest.Items)
        {
            var problem = item is null || string.IsNullOrEmpty(item.Id) ? "an item has no id"
                : !ids.Add(item.Id) ? $"'{item.Id}' occurs twice"
                : item.LabelMap is null ? $"'{item.Id}' has no label map"
                : (item.LabelMap.Problem() ?? item.ConfidenceMap?.Problem()) is { } p ? $"a reference of '{item.Id}' is damaged: {p}"
                : null;
            if (problem is not null)
            {
                throw new ArtifactFormatException($"The predictions manifest is damaged: {problem}.");
            }
        }

        return manifest;
    }
}

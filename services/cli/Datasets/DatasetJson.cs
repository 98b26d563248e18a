using System.Text.Json.Nodes;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Cli.Datasets;

/// <summary>Data sets for machines.</summary>
internal static class DatasetJson
{
    /// <summary>A registered data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <returns>The object.</returns>
    public static JsonObject Of(Dataset dataset) => new()
    {
        ["dataset"] = dataset.Name,
        ["images"] = dataset.Images,
        ["labelled"] = dataset.Labelled,
        ["classes"] = new JsonArray([.. (dataset.Classes?.Names ?? []).Select(name => (JsonNode)name)]),
        ["manifest"] = dataset.Manifest?.Key,
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntraDA.Cli.Gateways;

/// <summary>
/// The addresses that the local services print when they are ready. While <c>serve</c> runs they also lie in <see cref="FileName"/>
/// of the home, where other commands find them; services that end with one command are not announced.
/// </summary>
/// <param name="Gateway">Address of the gateway.</param>
/// <param name="All">Every address by the service's name.</param>
internal sealed record ServiceAddresses(Uri Gateway, IReadOnlyDictionary<string, string> All)
{
    /// <summary>Name of the file in the home.</summary>
    public const string FileName = "gateway.json";

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    /// <returns>One JSON object.</returns>
    public string ToJson() =>
        new JsonObject(All.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString();

    /// <summary>Reads one JSON object with a key <c>gateway</c>; other text keys that hold addresses are kept for showing.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The addresses, or null where the text is something else.</returns>
    public static ServiceAddresses? TryParse(string text)
    {
        try
        {
            if (JsonNode.Parse(text) is not JsonObject line)
            {
                return null;
            }

            var all = new Dictionary<string, string>();
            foreach (var (name, value) in line)
            {
                if (value is JsonValue scalar && scalar.TryGetValue<string>(out var address)
                    && address.StartsWith("http", StringComparison.Ordinal))
                {
                    all[name] = address;
                }
            }

            return all.TryGetValue("gateway", out var gateway) && Uri.TryCreate(gateway, UriKind.Absolute, out var uri)
                ? new ServiceAddresses(uri, all)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntraDA.Cli.Gateways;

/// <summary>The addresses that the local services print when they are ready, and keep in <c>gateway.json</c> of their home.</summary>
/// <param name="Gateway">Address of the gateway.</param>
/// <param name="All">Every address by the service's name.</param>
internal sealed record ServiceAddresses(Uri Gateway, IReadOnlyDictionary<string, string> All)
{
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

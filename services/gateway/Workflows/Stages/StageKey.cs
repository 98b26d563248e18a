using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>The identity of a stage's result: SHA-256 over a canonical text of all that determines it.</summary>
internal static class StageKey
{
    /// <summary>Computes a key. The order of options and inputs does not matter; where artefacts lie does not either, only their bytes.</summary>
    public static string Compute(
        StageKind kind,
        ServiceInfo service,
        IEnumerable<KeyValuePair<string, string>> options,
        IEnumerable<KeyValuePair<string, Artifact>> inputs,
        string salt)
    {
        var lines = options.Select(o => ($"option.{o.Key}", o.Value))
            .Concat(inputs.Select(i => ($"input.{i.Key}", i.Value.Sha256)))
            .Append(("kind", StageOrder.NameOf(kind)))
            .Append(("service", $"{service.Name} {service.Version} {service.Build}"))
            .Append(("salt", salt))
            .OrderBy(line => line.Item1, StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var (name, value) in lines)
        {
            // Quoted, so that no value can pose as two lines.
            text.Append(name).Append('=').Append(JsonSerializer.Serialize(value, TextJson.Default.String)).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Where a stage's results lie.</summary>
    public static string PrefixOf(StageKind kind, string key) => $"stages/{StageOrder.NameOf(kind)}/{key}";
}

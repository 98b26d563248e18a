using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Hosting.Identifiers;

namespace IntraDA.Durability.Tests.World;

/// <summary>A store in a directory, seen from outside.</summary>
internal sealed class StoreFolder : IDisposable
{
    // What tells one run from another though their work is the same: when it happened, and which try it was.
    private static readonly HashSet<string> Circumstances =
        ["startTime", "endTime", "createTime", "seconds", "resumedFrom", "origin"];

    private readonly TempFolder _folder = new();

    public string Path => _folder["store"];

    public string[] Options => ["--Store:Kind", "Local", "--Store:Directory", Path];

    /// <summary>Events of the only workflow, in order.</summary>
    public IEnumerable<JsonObject> Events()
    {
        var workflows = System.IO.Path.Combine(Path, "workflows");
        if (!Directory.Exists(workflows))
        {
            yield break;
        }

        foreach (var file in Directory.GetFiles(workflows, "*.json", SearchOption.AllDirectories)
                     .Where(file => file.Contains("/events/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            yield return JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
        }
    }

    /// <summary>Key of a stage once it has begun; null before.</summary>
    public string? KeyOf(StageKind kind) => Events()
        .Select(e => e["stage"]?.AsObject())
        .Where(stage => stage?["kind"]?.GetValue<string>() == NameOf(kind) && stage["state"]?.GetValue<string>() == "WORKFLOW_STATE_RUNNING")
        .Select(stage => stage!["key"]!.GetValue<string>())
        .FirstOrDefault();

    /// <summary>Whether there is something at a place in the store; '*' stands for any one folder.</summary>
    public bool Has(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return File.Exists(System.IO.Path.Combine(Path, place));
        }

        var parent = System.IO.Path.Combine(Path, place[..star]);
        return Directory.Exists(parent) && Directory.GetDirectories(parent).Any(folder => File.Exists(folder + place[(star + 1)..]));
    }

    /// <summary>Where a training keeps its resumable state.</summary>
    public static string CheckpointOf(string key) => $"trainings/{TrainingIds.Of(key)}/checkpoint.json";

    /// <summary>
    /// Everything that stages and trainings made, by key, as digests. Documents are compared without when they were written;
    /// reports and TensorBoard's event files, whose every record has its time of day, are left out, since they tell of one run.
    /// </summary>
    public SortedDictionary<string, string> Artifacts()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in new[] { "stages", "trainings" })
        {
            foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Path, root), "*", SearchOption.AllDirectories))
            {
                var key = System.IO.Path.GetRelativePath(Path, file);
                if (!key.StartsWith("stages/report/", StringComparison.Ordinal) && !key.Contains("/tensorboard/", StringComparison.Ordinal))
                {
                    found[key] = Convert.ToHexStringLower(SHA256.HashData(ContentOf(key, File.ReadAllBytes(file))));
                }
            }
        }

        return found;
    }

    /// <summary>Fails where two runs made different things.</summary>
    public static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, pair => Assert.True(actual[pair.Key] == pair.Value, $"{pair.Key} differs."));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static byte[] ContentOf(string key, byte[] bytes)
    {
        if (System.IO.Path.GetFileName(key) is not ("manifest.json" or "result.json" or "request.json"))
        {
            return bytes;
        }

        return JsonSerializer.SerializeToUtf8Bytes(WithoutCircumstances(JsonNode.Parse(bytes)!));
    }

    private static JsonNode WithoutCircumstances(JsonNode node)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var (name, value) in record.ToList())
                {
                    if (Circumstances.Contains(name))
                    {
                        record.Remove(name);
                    }
                    else if (value is not null)
                    {
                        WithoutCircumstances(value);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>())
                {
                    WithoutCircumstances(item);
                }

                break;
            default:
                break;
        }

        return node;
    }

    private static string NameOf(StageKind kind) =>
        "STAGE_KIND_" + string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}

using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Manifests;
using IntraDA.Hostile.Tests.World;

namespace IntraDA.Hostile.Tests.Manifests;

public sealed class HostileManifestTests(HostileEnsemble ensemble)
{
    private static readonly Artifact SomeFile = new() { Key = "uploads/x", Sha256 = new string('a', 64), SizeBytes = 10 };

    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_manifest_is_refused_by_field(string name) => ensemble.RefuseAsync(Cases[name]);

    private static JsonObject Base() =>
        JsonNode.Parse(DatasetManifestJson.Serialize(HostileEnsemble.Describe(SomeFile, SomeFile)))!.AsObject();

    private static IEnumerable<HostileCase> Make()
    {
        // Every member there is, taken away and given a value of another kind.
        foreach (var path in Paths(Base(), ""))
        {
            foreach (var (kind, value) in new (string, string)[] { ("null", "null"), ("a number", "-7.5"), ("an array", "[[]]"), ("an object", "{\"x\": 1}") })
            {
                if ((path, kind) is (_, "null") && IsOptional(path))
                {
                    continue;
                }

                yield return Refused($"{path} is {kind}", json => Replace(json, path, JsonNode.Parse(value)));
            }
        }

        foreach (var (name, bad) in BadPaths)
        {
            yield return Refused($"image path: {name}", json => Image(json)["path"] = bad);
        }

        foreach (var (name, bad) in new[] { ("none", ""), ("short", "abc"), ("upper case", new string('A', 64)), ("no digits", new string('x', 64)) })
        {
            yield return Refused($"digest: {name}", json => Image(json)["sha256"] = bad);
        }

        foreach (var bad in new[] { "0", "-1", "-9223372036854775808", "9223372036854775808", "1e400", "0.5" })
        {
            yield return Refused($"size: {bad}", json => Image(json)["sizeBytes"] = JsonNode.Parse(bad));
        }

        foreach (var (name, bad) in new[] { ("none", ""), ("513 characters", new string('i', 513)), ("a line break", "a\nb"), ("a NUL", "a\0b"), ("an escape", "\u001b[2J") })
        {
            yield return Refused($"id: {name}", json => Item(json)["id"] = bad);
        }

        foreach (var (name, bad) in new[] { ("relative", "data"), ("up", "../.."), ("none", "") })
        {
            yield return Refused($"root: {name}", json => json["root"] = bad);
        }

        foreach (var root in new[] { "/etc", "/", "/proc/self", "/root/.ssh" })
        {
            yield return Refused($"root: {root}", json => json["root"] = root) with { Code = StatusCode.PermissionDenied, Field = null };
        }

        yield return Refused("an id twice", json => json["items"]!.AsArray().Add(Item(json).DeepClone()));
        yield return Refused("no items", json => json["items"] = new JsonArray());
        yield return Refused("one class", json => Classes(json, 1));
        yield return Refused("255 classes", json => Classes(json, 255));
        yield return Refused("100,000 classes", json => Classes(json, 100_000));
        yield return Refused("a class twice", json => json["classes"]!["names"] = new JsonArray("road", "road"));
        yield return Refused("a class without a name", json => json["classes"]!["names"] = new JsonArray("road", " "));
        yield return Refused("a palette too short", json => json["classes"]!["palette"] = "AAAA");
        yield return Refused("a palette that is no base64", json => json["classes"]!["palette"] = "%%%");
        yield return Refused("a rare class that is none", json => json["classes"]!["rareTrainIds"] = new JsonArray(2));
        yield return Refused("a rare class of 2^31", json => json["classes"]!["rareTrainIds"] = new JsonArray(2147483648L));
        yield return Refused("labels read from channel 4", json => json["labels"]!["channel"] = 4);
        yield return Refused("labels read from channel -1", json => json["labels"]!["channel"] = -1);
        yield return Refused("a raw value of 65,536", json => json["labels"]!["trainIds"] = new JsonObject { ["65536"] = 0 });
        yield return Refused("a raw value that is no number", json => json["labels"]!["trainIds"] = new JsonObject { ["x"] = 0 });
        yield return Refused("a train id of 254", json => json["labels"]!["trainIds"] = new JsonObject { ["0"] = 254 });
        yield return Refused("labels that nothing says how to read", json => json.Remove("labels"));
        yield return Refused("another format", json => json["format"] = "intrada.dataset/2");
        yield return Refused("an unknown member", json => json["exec"] = "true");
        yield return Refused("a member of another case", json => json["Root"] = "/");

        foreach (var (name, bytes) in Files)
        {
            yield return Refused(name, bytes);
        }

        yield return Refused("larger than the limit", new byte[HostileEnsemble.MaxManifestBytes + 1]) with { Code = StatusCode.InvalidArgument };
    }

    private static Dictionary<string, string> BadPaths => new()
    {
        ["up"] = "../x.png",
        ["up from below"] = "a/../../x.png",
        ["absolute"] = "/etc/passwd",
        ["empty part"] = "a//b.png",
        ["here"] = "./a.png",
        ["ends in a slash"] = "a/",
        ["none"] = "",
        ["NUL"] = "a\0.png",
        ["backslash"] = "..\\x.png",
        ["line break"] = "a\n.png",
        ["4 KB"] = new string('p', 4096),
    };

    private static Dictionary<string, byte[]> Files => new()
    {
        ["nothing"] = [],
        ["null"] = "null"u8.ToArray(),
        ["a number"] = "5"u8.ToArray(),
        ["an array"] = "[]"u8.ToArray(),
        ["a text"] = "\"intrada.dataset/1\""u8.ToArray(),
        ["an empty object"] = "{}"u8.ToArray(),
        ["cut off"] = Text()[..^30],
        ["cut in the middle"] = Text()[..(Text().Length / 2)],
        ["twice"] = [.. Text(), .. Text()],
        ["byte-order mark"] = [0xEF, 0xBB, 0xBF, .. Text()],
        ["UTF-16"] = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Text())),
        ["no UTF-8"] = [.. Text()[..^2], 0xC3, 0x28, .. Text()[^2..]],
        ["nested a thousand times"] = Encoding.ASCII.GetBytes(new string('[', 1000) + new string(']', 1000)),
        ["a member twice"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Text()).Replace("{\"format\"", "{\"format\":\"x\",\"format\"", StringComparison.Ordinal)),
        ["XML"] = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"u8.ToArray(),
        ["zeros"] = new byte[300],
    };

    private static byte[] Text() => Encoding.UTF8.GetBytes(Base().ToJsonString());

    private static bool IsOptional(string path) => path is "root" or "labels" or "labels.trainIds" or "items[0].label" or "classes.rareTrainIds" or "items[0].attributes";

    private static JsonObject Item(JsonObject json) => json["items"]![0]!.AsObject();

    private static JsonObject Image(JsonObject json) => Item(json)["image"]!.AsObject();

    private static void Classes(JsonObject json, int count)
    {
        json["classes"]!["names"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)$"c{i}")]);
        json["classes"]!["palette"] = Convert.ToBase64String(new byte[3 * count]);
    }

    private static IEnumerable<string> Paths(JsonObject json, string prefix)
    {
        foreach (var (name, value) in json)
        {
            yield return prefix + name;
            var inner = value switch
            {
                JsonObject child => Paths(child, $"{prefix}{name}."),
                JsonArray { Count: > 0 } list when list[0] is JsonObject first => Paths(first, $"{prefix}{name}[0]."),
                _ => [],
            };
            foreach (var path in inner)
            {
                yield return path;
            }
        }
    }

    private static void Replace(JsonObject json, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        var at = json;
        foreach (var part in parts[..^1])
        {
            at = part.EndsWith("[0]", StringComparison.Ordinal) ? at[part[..^3]]![0]!.AsObject() : at[part]!.AsObject();
        }

        at[parts[^1]] = value;
    }

    private static HostileCase Refused(string name, Action<JsonObject> change)
    {
        var json = Base();
        change(json);
        return Refused(name, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static HostileCase Refused(string name, byte[] manifest) => new(
        name,
        StatusCode.InvalidArgument,
        "manifest",
        async world =>
        {
            var artifact = await world.UploadAsync(manifest, DatasetManifest.MediaType);
            await world.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "hostile", Manifest = artifact }, world.Soon);
        });
}

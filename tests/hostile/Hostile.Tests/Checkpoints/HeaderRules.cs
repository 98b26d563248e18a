using System.Text;
using System.Text.Json.Nodes;

namespace IntraDA.Hostile.Tests.Checkpoints;

/// <summary>Ways to forge the header of a safetensors file.</summary>
internal static class HeaderRules
{
    /// <summary>Whole files.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>
    {
        ["nothing"] = [],
        ["seven bytes"] = new byte[7],
        ["header of no bytes"] = Safetensors.Encode([], []),
        ["header larger than the file"] = Safetensors.Encode("{}"u8.ToArray(), [], announced: 1000),
        ["header of 2^63 bytes"] = Safetensors.Encode("{}"u8.ToArray(), [], announced: 1UL << 63),
        ["header of 2^64-1 bytes"] = Safetensors.Encode("{}"u8.ToArray(), [], announced: ulong.MaxValue),
        ["header over 16 MiB"] = Safetensors.Encode("{}"u8.ToArray(), [], announced: (16UL << 20) + 1),
        ["no JSON"] = Safetensors.Encode("not JSON at all"u8.ToArray(), []),
        ["an array"] = Safetensors.Encode("[1, 2]"u8.ToArray(), []),
        ["a number"] = Safetensors.Encode("17"u8.ToArray(), []),
        ["cut JSON"] = Safetensors.Encode("{\"a\": {\"dtype\": \"F32\", "u8.ToArray(), []),
        ["nested a thousand times"] = Safetensors.Encode(Encoding.ASCII.GetBytes("{\"a\":" + new string('[', 1000) + new string(']', 1000) + "}"), []),
        ["a name twice"] = Safetensors.Encode("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"u8.ToArray(), new byte[1]),
        ["no UTF-8"] = Safetensors.Encode([(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'], []),
        ["UTF-16"] = Safetensors.Encode(Encoding.Unicode.GetBytes("{}"), []),
        ["byte-order mark"] = Safetensors.Encode([0xEF, 0xBB, 0xBF, .. "{}"u8], []),
        ["a second object"] = Safetensors.Encode("{} {}"u8.ToArray(), []),
        ["a comment"] = Safetensors.Encode("{/* */}"u8.ToArray(), []),
        ["a zip"] = [.. "PK\x03\x04"u8, .. new byte[200]],
        ["a pickle"] = [0x80, 2, .. "cposix\nsystem\n(S'true'\ntR."u8],
        ["HTML"] = "<!doctype html><title>404</title>"u8.ToArray(),
    };

    /// <summary>Changes of a file's parts. Each works on any file that has a tensor.</summary>
    public static IReadOnlyDictionary<string, Func<Safetensors, Safetensors>> Changes { get; } = new Dictionary<string, Func<Safetensors, Safetensors>>
    {
        ["overlapping tensors"] = file => Change(file, last => Move(last, -1)),
        ["a gap before a tensor"] = file => Change(file with { Data = [.. file.Data, 0] }, last => Move(last, 1)),
        ["bytes after the last tensor"] = file => file with { Data = [.. file.Data, 1, 2, 3] },
        ["data cut off"] = file => file with { Data = file.Data[..^1] },
        ["negative offsets"] = file => Change(file, last => last["data_offsets"] = new JsonArray(-8, -4)),
        ["offsets turned round"] = file => Change(file, last => last["data_offsets"] = new JsonArray(Offset(last, 1), Offset(last, 0))),
        ["huge offsets"] = file => Change(file, last => last["data_offsets"] = new JsonArray(long.MaxValue - 4, long.MaxValue)),
        ["offsets over 2^63"] = file => Change(file, last => last["data_offsets"] = JsonNode.Parse("[0, 18446744073709551615]")),
        ["broken offsets"] = file => Change(file, last => last["data_offsets"] = JsonNode.Parse("[0.5, 1e3]")),
        ["offsets as text"] = file => Change(file, last => last["data_offsets"] = JsonNode.Parse("[\"0\", \"4\"]")),
        ["one offset"] = file => Change(file, last => last["data_offsets"] = new JsonArray(0)),
        ["no offsets"] = file => Change(file, last => last.Remove("data_offsets")),
        ["a negative size"] = file => Change(file, last => last["shape"] = new JsonArray(-1, -4)),
        ["a shape that overflows"] = file => Change(file, last => last["shape"] = new JsonArray(long.MaxValue, long.MaxValue)),
        ["a shape of 2^40 values"] = file => Change(file, last => last["shape"] = new JsonArray(1L << 20, 1L << 20)),
        ["a thousand dimensions"] = file => Change(file, last => last["shape"] = new JsonArray([.. Enumerable.Repeat(0, 1000).Select(_ => (JsonNode)1)])),
        ["no shape"] = file => Change(file, last => last.Remove("shape")),
        ["an unknown type"] = file => Change(file, last => last["dtype"] = "F128"),
        ["a type that is no text"] = file => Change(file, last => last["dtype"] = 32),
        ["an unknown property"] = file => Change(file, last => last["on_load"] = "os.system"),
        ["a tensor that is no object"] = file => Add(file, "x", 5),
        ["metadata that is no object"] = file => Add(file, "__metadata__", "x"),
        ["metadata that is no text"] = file => Add(file, "__metadata__", new JsonObject { ["format"] = 1 }),
    };

    private static Safetensors Change(Safetensors file, Action<JsonObject> change)
    {
        var copy = file with { Header = file.Header.DeepClone().AsObject() };
        change(copy.Header.Where(pair => pair.Key != "__metadata__").Select(pair => pair.Value!.AsObject()).MaxBy(tensor => Offset(tensor, 1))!);
        return copy;
    }

    private static Safetensors Add(Safetensors file, string name, JsonNode value)
    {
        var copy = file with { Header = file.Header.DeepClone().AsObject() };
        copy.Header[name] = value;
        return copy;
    }

    private static long Offset(JsonObject tensor, int which) => tensor["data_offsets"]![which]!.GetValue<long>();

    private static void Move(JsonObject tensor, int by) =>
        tensor["data_offsets"] = new JsonArray(Offset(tensor, 0) + by, Offset(tensor, 1) + by);
}

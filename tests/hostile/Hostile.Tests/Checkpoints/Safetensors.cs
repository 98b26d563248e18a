using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace IntraDA.Hostile.Tests.Checkpoints;

/// <summary>A safetensors file in its parts, put together without any of the checks of the writer under test.</summary>
/// <param name="Header">The header.</param>
/// <param name="Data">All bytes after it.</param>
internal sealed record Safetensors(JsonObject Header, byte[] Data)
{
    public JsonObject Metadata => Header["__metadata__"]!.AsObject();

    public static Safetensors Parse(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return new Safetensors(JsonNode.Parse(file.AsSpan(8, length))!.AsObject(), file[(8 + length)..]);
    }

    /// <summary>Two tensors, without metadata.</summary>
    public static Safetensors Small() => new(
        new JsonObject { ["a"] = Entry("F32", [2, 2], 0, 16), ["b"] = Entry("U8", [3], 16, 19) }, new byte[19]);

    public static JsonObject Entry(string type, long[] shape, long begin, long end) => new()
    {
        ["dtype"] = type,
        ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
        ["data_offsets"] = new JsonArray(begin, end),
    };

    public byte[] Encode() => Encode(Encoding.UTF8.GetBytes(Header.ToJsonString()), Data);

    public static byte[] Encode(byte[] header, byte[] data, ulong? announced = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, announced ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }
}

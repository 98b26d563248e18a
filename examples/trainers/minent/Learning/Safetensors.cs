using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MinEntTrainer.Learning;

/// <summary>Files of float32 tensors in the form of https://github.com/huggingface/safetensors.</summary>
internal static class Safetensors
{
    /// <summary>Media type of stored files.</summary>
    public const string MediaType = "application/vnd.safetensors";

    private const int LengthBytes = 8;
    private const string MetadataName = "__metadata__";

    /// <summary>Writes a file.</summary>
    /// <param name="tensors">Shape and values by name.</param>
    /// <param name="metadata">Text by name.</param>
    /// <returns>The file.</returns>
    public static byte[] Write(IReadOnlyDictionary<string, (long[] Shape, byte[] Values)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new JsonObject { [MetadataName] = JsonSerializer.SerializeToNode(metadata) };
        var end = 0L;
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, (shape, values)) in ordered)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = JsonSerializer.SerializeToNode(shape),
                ["data_offsets"] = new JsonArray(end, end + values.Length),
            };
            end += values.Length;
        }

        var text = header.ToJsonString();
        // Data begin at a multiple of 8, so that a reader may map them.
        text = text.PadRight((Encoding.UTF8.GetByteCount(text) + LengthBytes - 1) / LengthBytes * LengthBytes);
        using var file = new MemoryStream();
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(text));
        file.Write(length);
        file.Write(Encoding.UTF8.GetBytes(text));
        foreach (var (_, (_, values)) in ordered)
        {
            file.Write(values);
        }

        return file.ToArray();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Shape and values by name, and the metadata.</returns>
    /// <exception cref="InvalidDataException">It is none, or holds other numbers than float32.</exception>
    public static (IReadOnlyDictionary<string, (long[] Shape, byte[] Values)> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(byte[] file)
    {
        try
        {
            var length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file));
            using var header = JsonDocument.Parse(file.AsMemory(LengthBytes, length));
            var tensors = new Dictionary<string, (long[], byte[])>();
            var metadata = new Dictionary<string, string>();
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.NameEquals(MetadataName))
                {
                    metadata = entry.Value.Deserialize<Dictionary<string, string>>() ?? [];
                    continue;
                }

                var offsets = entry.Value.GetProperty("data_offsets").Deserialize<int[]>()!;
                var shape = entry.Value.GetProperty("shape").Deserialize<long[]>()!;
                var values = file.AsSpan((LengthBytes + length + offsets[0])..(LengthBytes + length + offsets[1])).ToArray();
                if (entry.Value.GetProperty("dtype").GetString() != "F32" || values.Length != shape.Aggregate(4L, (product, side) => checked(product * side)))
                {
                    throw new InvalidDataException($"the tensor {entry.Name} is not float32 of its shape");
                }

                tensors[entry.Name] = (shape, values);
            }

            return (tensors, metadata);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or OverflowException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"it is no safetensors file ({e.Message})", e);
        }
    }
}

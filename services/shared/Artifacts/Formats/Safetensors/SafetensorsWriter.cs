using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IntraDA.Artifacts.Formats.Safetensors;

/// <summary>Writes safetensors files: equal tensors and metadata give equal bytes.</summary>
/// <remarks>
/// The header lists tensors in ordinal order of their names and is padded so that data begin at a multiple of 8. Data lie by
/// decreasing size of their elements, then by name: each tensor is aligned to its elements, which readers that map the file need.
/// </remarks>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Receives it from its current position; need not be seekable.</param>
    /// <param name="tensors">The tensors, in any order, with distinct names.</param>
    /// <param name="metadata">Entries of <c>__metadata__</c>; null or empty: none.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    /// <exception cref="ArtifactFormatException">A name occurs twice or is <c>__metadata__</c>, or a tensor wrote another number of bytes than it has.</exception>
    public static async Task WriteAsync(
        Stream stream, IEnumerable<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var layout = tensors.OrderByDescending(t => t.DataType.Size()).ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        await stream.WriteAsync(Header(layout, metadata), cancellationToken).ConfigureAwait(false);
        foreach (var tensor in layout)
        {
            var counted = new CountingWriteStream(stream);
            await using (counted.ConfigureAwait(false))
            {
                await tensor.Write(counted, cancellationToken).ConfigureAwait(false);
            }

            if (counted.Count != tensor.Length)
            {
                throw new ArtifactFormatException($"Tensor '{tensor.Name}' has {tensor.Length} bytes, and {counted.Count} were written.");
            }
        }

        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> Header(List<SafetensorsEntry> layout, IReadOnlyDictionary<string, string>? metadata)
    {
        var offsets = new SortedDictionary<string, (SafetensorsEntry Entry, long Start)>(StringComparer.Ordinal);
        var end = 0L;
        foreach (var entry in layout)
        {
            if (entry.Name == SafetensorsHeader.MetadataName || !offsets.TryAdd(entry.Name, (entry, end)))
            {
                throw new ArtifactFormatException($"The tensor name '{entry.Name}' is taken; names in a safetensors file are unique.");
            }

            end = checked(end + entry.Length);
        }

        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        buffer.Advance(Clear(buffer, SafetensorsHeader.LengthBytes));
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            foreach (var (name, (entry, start)) in offsets)
            {
                WriteTensor(json, name, entry, start);
            }

            json.WriteEndObject();
        }

        while (buffer.WrittenCount % Alignment != 0)
        {
            buffer.Write(" "u8);
        }

        var header = buffer.WrittenMemory.ToArray();
        if (header.Length - SafetensorsHeader.LengthBytes > SafetensorsHeader.MaxBytes)
        {
            throw new ArtifactFormatException($"The header takes {header.Length} bytes; at most {SafetensorsHeader.MaxBytes} would be read back.");
        }

        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.LengthBytes);
        return header;
    }

    private static int Clear(ArrayBufferWriter<byte> buffer, int count)
    {
        buffer.GetSpan(count)[..count].Clear();
        return count;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null or { Count: 0 })
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, SafetensorsEntry entry, long start)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", entry.DataType.Code());
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(start + entry.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

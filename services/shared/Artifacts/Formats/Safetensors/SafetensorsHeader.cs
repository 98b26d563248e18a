using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace IntraDA.Artifacts.Formats.Safetensors;

/// <summary>Parses headers, and believes nothing that the file's length does not bear out.</summary>
internal static class SafetensorsHeader
{
    public const int MaxBytes = 16 << 20;
    public const int LengthBytes = 8;
    public const string MetadataName = "__metadata__";
    private const int MaxDimensions = 32;

    /// <summary>Whether a file begins as a safetensors file does: with a length that a header can have, and a brace.</summary>
    /// <param name="head">Its first bytes, 9 or more where it has them.</param>
    /// <returns>True too for damaged ones.</returns>
    public static bool Begins(ReadOnlySpan<byte> head) =>
        head.Length > LengthBytes && head[LengthBytes] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= MaxBytes;

    public static (IReadOnlyList<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(
        ReadOnlySpan<byte> header, long fileLength)
    {
        var tensors = new List<SafetensorsTensor>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var dataStart = LengthBytes + (long)header.Length;
        try
        {
            var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
            Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "the header is no JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                Require(VisibleText.Is(name), $"the name '{name}' has control characters");
                Require(name.Length > 0, "a tensor has no name");
                Require(names.Add(name), $"'{name}' occurs twice");
                reader.Read();
                if (name == MetadataName)
                {
                    ReadMetadata(ref reader, metadata);
                }
                else
                {
                    tensors.Add(ReadTensor(ref reader, name, dataStart, fileLength));
                }
            }

            // A header may be padded, but with spaces only: the reader refuses anything else after the object.
            Require(!reader.Read(), "the header goes on after its object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArtifactFormatException($"The safetensors file is damaged: the header is no valid JSON ({e.Message.Split('\n')[0]}).", e);
        }

        RequireContiguous(tensors, dataStart, fileLength);
        tensors.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return (tensors, metadata);
    }

    public static void Require(bool ok, string problem)
    {
        if (!ok)
        {
            throw new ArtifactFormatException($"The safetensors file is damaged: {VisibleText.Of(problem)}.");
        }
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, $"{MetadataName} is no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            Require(reader.TokenType == JsonTokenType.String, $"{MetadataName} entry '{key}' is no string");
            Require(metadata.TryAdd(key, reader.GetString()!), $"{MetadataName} entry '{key}' occurs twice");
        }
    }

    private static SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name, long dataStart, long fileLength)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, $"the entry of tensor '{name}' is no object");
        SafetensorsDataType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "dtype":
                    Require(type is null, $"tensor '{name}' has two dtypes");
                    Require(reader.TokenType == JsonTokenType.String, $"the dtype of tensor '{name}' is no string");
                    var code = reader.GetString();
                    type = SafetensorsDataTypeExtensions.FromCode(code);
                    Require(type is not null, $"tensor '{name}' has the unknown dtype '{code}'");
                    break;
                case "shape":
                    Require(shape is null, $"tensor '{name}' has two shapes");
                    shape = ReadNumbers(ref reader, name, "shape");
                    break;
                case "data_offsets":
                    Require(offsets is null, $"tensor '{name}' has two data_offsets");
                    offsets = ReadNumbers(ref reader, name, "data_offsets");
                    break;
                default:
                    Require(false, $"tensor '{name}' has the unknown property '{property}'");
                    break;
            }
        }

        Require(type is not null && shape is not null && offsets is not null, $"tensor '{name}' lacks dtype, shape or data_offsets");
        Require(offsets!.Count == 2, $"tensor '{name}' has {offsets.Count} data_offsets, 2 are needed");
        var length = offsets[1] - offsets[0];
        Require(length >= 0, $"tensor '{name}' ends before it begins");
        Require(offsets[1] <= fileLength - dataStart, $"tensor '{name}' ends at byte {offsets[1]} of {fileLength - dataStart} bytes of data");
        var expected = ByteCount(name, type!.Value, shape!);
        Require(
            expected == length,
            string.Create(CultureInfo.InvariantCulture, $"tensor '{name}' of {type.Value.Code()} [{string.Join(", ", shape!)}] needs {expected} bytes and has {length}"));
        return new SafetensorsTensor(name, type.Value, shape!, dataStart + offsets[0], length);
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string property)
    {
        Require(reader.TokenType == JsonTokenType.StartArray, $"{property} of tensor '{name}' is no array");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var value = 0L;
            Require(
                reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value) && value >= 0,
                $"{property} of tensor '{name}' has an element that is no whole number of 0 to 2^63-1");
            numbers.Add(value);
            Require(numbers.Count <= MaxDimensions, $"{property} of tensor '{name}' has more than {MaxDimensions} elements");
        }

        return numbers;
    }

    internal static long ByteCount(string name, SafetensorsDataType type, IReadOnlyList<long> shape)
    {
        try
        {
            return checked(shape.Aggregate((long)type.Size(), (product, size) => checked(product * size)));
        }
        catch (OverflowException e)
        {
            throw new ArtifactFormatException($"The safetensors file is damaged: the shape of tensor '{name}' overflows.", e);
        }
    }

    private static void RequireContiguous(List<SafetensorsTensor> tensors, long dataStart, long fileLength)
    {
        // The format has neither gaps nor overlaps: bytes that no tensor owns could hide anything.
        var end = dataStart;
        foreach (var tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            Require(tensor.Offset >= end, $"tensor '{tensor.Name}' overlaps another");
            Require(tensor.Offset == end, $"{tensor.Offset - end} bytes before tensor '{tensor.Name}' belong to none");
            end = tensor.Offset + tensor.Length;
        }

        Require(end == fileLength, $"the last {fileLength - end} bytes belong to no tensor");
    }
}

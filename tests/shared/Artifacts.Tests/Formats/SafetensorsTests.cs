using System.Buffers.Binary;
using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Tests.Formats;

public sealed class SafetensorsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tensors_and_metadata_come_back()
    {
        var weights = Enumerable.Range(0, 24).Select(i => (byte)i).ToArray();
        var file = await WriteAsync(
            [
                new("z.weight", SafetensorsDataType.F32, [2, 3], weights),
                new("a.mask", SafetensorsDataType.Bool, [3], new byte[] { 1, 0, 1 }),
                new("b.step", SafetensorsDataType.I64, [], new byte[] { 7, 0, 0, 0, 0, 0, 0, 0 }),
                new("c.none", SafetensorsDataType.F16, [0, 5], Array.Empty<byte>()),
                new("ü \"quoted\"", SafetensorsDataType.BF16, [1], new byte[] { 1, 2 }),
            ],
            new Dictionary<string, string> { ["format"] = "pt", ["é"] = "ß" });

        var reader = await SafetensorsReader.OpenAsync(new MemoryStream(file), Token);

        Assert.Equal(["a.mask", "b.step", "c.none", "z.weight", "ü \"quoted\""], reader.Tensors.Select(t => t.Name));
        Assert.Equal("ß", reader.Metadata["é"]);
        var tensor = reader.Find("z.weight")!;
        Assert.Equal([2, 3], tensor.Shape);
        var bytes = new byte[tensor.Length];
        reader.Read(tensor, bytes);
        Assert.Equal(weights, bytes);
        await reader.ReadAsync(tensor, bytes, Token);
        Assert.Equal(weights, bytes);
        Assert.Null(reader.Find("none"));
        Assert.All(reader.Tensors, t => Assert.Equal(0, t.Offset % t.DataType.Size()));
    }

    [Fact]
    public async Task Equal_content_gives_equal_bytes_in_any_order()
    {
        SafetensorsEntry[] entries = [new("a", SafetensorsDataType.U8, [1], new byte[] { 1 }), new("b", SafetensorsDataType.F64, [1], new byte[8])];
        var first = await WriteAsync(entries, new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        var second = await WriteAsync([.. entries.Reverse()], new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });
        Assert.Equal(first, second);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(first) % 8);
    }

    [Fact]
    public async Task A_callback_that_writes_too_little_is_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(
            () => WriteAsync([new("w", SafetensorsDataType.F32, [2], new byte[4])], null));
        Assert.Contains("'w' has 8 bytes, and 4 were written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_occurs_twice_is_not_written() => await Assert.ThrowsAsync<ArtifactFormatException>(
        () => WriteAsync([new("w", SafetensorsDataType.U8, [0], default(ReadOnlyMemory<byte>)), new("w", SafetensorsDataType.U8, [0], default(ReadOnlyMemory<byte>))], null));

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes and has 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "ends at byte 4 of 3")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 8, "ends before it begins")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "last 1 bytes belong to no tensor")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "4 bytes before tensor 'w'")]
    [InlineData("""{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "'w' overlaps")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "no whole number")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "no whole number")]
    [InlineData("""{"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "no whole number")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "overflows")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "no whole number")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "3 data_offsets")]
    [InlineData("""{"w":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'Q4'")]
    [InlineData("""{"w":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4, "no string")]
    [InlineData("""{"w":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks dtype")]
    [InlineData("""{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "'w' occurs twice")]
    [InlineData("""{"w":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}""", 0, "two dtypes")]
    [InlineData("""{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"code":"x"}}""", 0, "unknown property 'code'")]
    [InlineData("""{"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "a tensor has no name")]
    [InlineData("""{"w\u001b[31m":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "'w?[31m' has control characters")]
    [InlineData("""{"w\u2028":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "control characters")]
    [InlineData("""{"w":{"dtype":"Q\u001b4","shape":[0],"data_offsets":[0,0]}}""", 0, "unknown dtype 'Q?4'")]
    [InlineData("""{"w":[1]}""", 0, "no object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "no string")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "occurs twice")]
    [InlineData("""[]""", 0, "no JSON object")]
    [InlineData("""{"w":""", 0, "no valid JSON")]
    [InlineData("""{} {}""", 0, "no valid JSON")]
    [InlineData("""{"w":{"dtype":"U8","shape":[[[[[[1]]]]]],"data_offsets":[0,0]}}""", 0, "no whole number")]
    public async Task A_hostile_header_is_refused_by_its_rule(string header, int dataBytes, string problem)
    {
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(
            () => SafetensorsReader.OpenAsync(new MemoryStream(Frame(header, dataBytes)), Token));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    // The length of a header, in its first bytes, can be the same bytes as the beginning of a pickle.
    [Theory]
    [InlineData(128)]
    [InlineData(136)]
    [InlineData(384)]
    [InlineData(640)]
    [InlineData(1408)]
    [InlineData(65664)]
    public async Task A_header_of_any_length_is_no_pickle(int length)
    {
        var entry = """{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""";
        var file = Frame(entry + new string(' ', length - entry.Length), 0);
        Assert.False(PyTorchReader.IsCheckpoint(file.AsSpan(0, 9)));
        Assert.Single((await SafetensorsReader.OpenAsync(new MemoryStream(file), Token)).Tensors);
        Assert.Contains("safetensors", Assert.Throws<ArtifactFormatException>(() => PyTorchReader.Open(new MemoryStream(file))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_file_too_short_for_a_header_is_refused(int length) =>
        await Assert.ThrowsAsync<ArtifactFormatException>(() => SafetensorsReader.OpenAsync(new MemoryStream(new byte[length]), Token));

    [Theory]
    [InlineData(17UL << 20)]
    [InlineData(ulong.MaxValue)]
    [InlineData(9UL)]
    public async Task An_announced_header_that_is_too_long_is_not_read(ulong length)
    {
        var file = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        await Assert.ThrowsAsync<ArtifactFormatException>(() => SafetensorsReader.OpenAsync(new MemoryStream(file), Token));
    }

    [Fact]
    public async Task A_truncated_file_is_refused_at_every_length()
    {
        var file = await WriteAsync([new("w", SafetensorsDataType.F32, [2], new byte[8])], null);
        for (var length = 0; length < file.Length; length++)
        {
            await Assert.ThrowsAsync<ArtifactFormatException>(() => SafetensorsReader.OpenAsync(new MemoryStream(file[..length]), Token));
        }
    }

    [Fact]
    public async Task Flipped_bytes_never_escape_as_another_exception()
    {
        var file = await WriteAsync([new("weight", SafetensorsDataType.F32, [2], new byte[8])], new Dictionary<string, string> { ["a"] = "b" });
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = (byte[])file.Clone();
            for (var i = 0; i <= round % 3; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                await SafetensorsReader.OpenAsync(new MemoryStream(damaged), Token);
            }
            catch (ArtifactFormatException)
            {
                // The only way to fail.
            }
        }
    }

    private static byte[] Frame(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    private static async Task<byte[]> WriteAsync(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        await SafetensorsWriter.WriteAsync(stream, entries, metadata, Token);
        return stream.ToArray();
    }
}

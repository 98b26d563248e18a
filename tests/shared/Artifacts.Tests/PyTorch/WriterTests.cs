using System.IO.Compression;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;

namespace IntraDA.Artifacts.Tests.PyTorch;

public sealed class WriterTests
{
    private const int Timeout = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = Timeout)]
    public async Task What_is_written_reads_back_equal_and_in_order()
    {
        var entries = Samples();
        var reader = Checkpoints.Open(await WriteAsync(entries));
        Assert.Equal(entries.Select(entry => entry.Name), reader.Tensors.Select(tensor => tensor.Name));
        foreach (var (entry, tensor) in entries.Zip(reader.Tensors))
        {
            var expected = new MemoryStream();
            await SafetensorsWriter.WriteAsync(expected, [entry], null, Token);
            var bytes = new byte[tensor.Length];
            await reader.ReadAsync(tensor, bytes, Token);
            Assert.Equal(entry.DataType, tensor.DataType);
            Assert.Equal(entry.Shape, tensor.Shape);
            Assert.Equal(expected.ToArray()[^bytes.Length..], bytes);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Equal_tensors_give_equal_bytes_and_storages_are_aligned()
    {
        var file = await WriteAsync(Samples());
        Assert.Equal(file, await WriteAsync(Samples()));
        using var stream = new MemoryStream(file);
        using var archive = new ZipArchive(stream);
        Assert.Contains("archive/data.pkl", archive.Entries.Select(entry => entry.FullName));
        foreach (var entry in archive.Entries.Where(entry => entry.Length > 0))
        {
            using var content = entry.Open();
            content.ReadByte();
            Assert.Equal(0, (stream.Position - 1) % 64);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_checkpoint_survives_the_way_through_safetensors()
    {
        var first = Checkpoints.Open(Checkpoints.Fixture("legacy.pth"));
        var safetensors = new MemoryStream();
        await SafetensorsWriter.WriteAsync(safetensors, first.Tensors.Select(t => CheckpointConversion.ToEntry(first, t)), null, Token);
        safetensors.Position = 0;
        var between = await SafetensorsReader.OpenAsync(safetensors, Token);
        var second = Checkpoints.Open(await WriteAsync([.. between.Tensors.Select(t => CheckpointConversion.ToEntry(safetensors, t))]));
        foreach (var tensor in first.Tensors)
        {
            var other = second.Tensors.Single(t => t.Name == tensor.Name);
            Assert.Equal((tensor.DataType, tensor.Length), (other.DataType, other.Length));
            Assert.Equal(tensor.Shape, other.Shape);
            Assert.Equal(await Checkpoints.ValuesAsync(first, tensor, Token), await Checkpoints.ValuesAsync(second, other, Token));
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Names_that_occur_twice_and_tensors_that_write_too_little_are_refused()
    {
        var entry = new SafetensorsEntry("w", SafetensorsDataType.F32, [1], new byte[4]);
        await Assert.ThrowsAsync<ArtifactFormatException>(() => WriteAsync([entry, entry]));
        var error = await Assert.ThrowsAsync<ArtifactFormatException>(
            () => WriteAsync([new SafetensorsEntry("v", SafetensorsDataType.F32, [2], new byte[4])]));
        Assert.Contains("'v' has 8 bytes, and 4 were written", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_does_not_fit_a_plain_archive_is_refused_before_anything_is_written()
    {
        var written = new MemoryStream();
        var huge = new SafetensorsEntry("w", SafetensorsDataType.U8, [5L << 30], (_, _) => throw new InvalidOperationException("It is not asked for."));
        await Assert.ThrowsAsync<ArtifactFormatException>(() => PyTorchWriter.WriteAsync(written, [huge], Token));
        Assert.Equal(0, written.Length);
    }

    internal static IReadOnlyList<SafetensorsEntry> Samples() =>
    [
        .. Enum.GetValues<SafetensorsDataType>().Select((type, i) => new SafetensorsEntry(
            $"z{i}.{type}", type, [2, 3], Enumerable.Range(0, 6 * type.Size()).Select(b => (byte)(type == SafetensorsDataType.Bool ? b % 2 : (b * 7) + i)).ToArray())),
        new("scalar", SafetensorsDataType.I64, [], new byte[] { 1, 2, 3, 4, 5, 6, 7, 0 }),
        new("empty", SafetensorsDataType.F32, [0, 4], Array.Empty<byte>()),
        new("lärge", SafetensorsDataType.F32, [70_000, 1], new byte[280_000]),
    ];

    internal static async Task<byte[]> WriteAsync(IReadOnlyList<SafetensorsEntry> entries)
    {
        var stream = new MemoryStream();
        await PyTorchWriter.WriteAsync(stream, entries, Token);
        return stream.ToArray();
    }
}

using System.Buffers.Binary;
using System.Text;
using IntraDA.Artifacts.Formats.TensorBoard;

namespace IntraDA.Artifacts.Tests.Formats.TensorBoard;

public sealed class EventFileWriterTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task The_first_record_is_the_one_that_every_event_file_begins_with()
    {
        var file = await WriteAsync();
        // Its length, and the masked sum of that length, are the same in every file: 0x18 bytes, as TensorBoard's own writer has them.
        Assert.Equal("1800000000000000", Convert.ToHexStringLower(file.AsSpan(0, 8)));
        Assert.Equal("a37f4b22", Convert.ToHexStringLower(file.AsSpan(8, 4)));
        Assert.Equal("brain.Event:2", Encoding.ASCII.GetString(file.AsSpan(12 + 9 + 2, 13)));
        Assert.Equal(12 + 0x18 + 4, file.Length);
    }

    [Fact]
    public async Task A_scalar_is_a_summary_of_its_step()
    {
        var file = await WriteAsync(new ScalarPoint(7, Begin.AddSeconds(1), [new("seg_main", 2.5)]));
        var frame = file.AsSpan(12 + 0x18 + 4);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(frame);
        // Event: wall_time, step 7, summary { value { tag "seg_main", simple_value 2.5 } }.
        Assert.Equal(
            "09" + Convert.ToHexStringLower(BitConverter.GetBytes((Begin.AddSeconds(1) - DateTimeOffset.UnixEpoch).TotalSeconds))
            + "10072a110a0f0a087365675f6d61696e1500002040",
            Convert.ToHexStringLower(frame.Slice(12, length)));
        Assert.Equal(frame.Length, 12 + length + 4);
    }

    private static async Task<byte[]> WriteAsync(params ScalarPoint[] points)
    {
        using var stream = new MemoryStream();
        await EventFileWriter.WriteAsync(stream, points, Begin, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }
}

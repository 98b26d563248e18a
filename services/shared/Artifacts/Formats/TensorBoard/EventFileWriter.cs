using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace IntraDA.Artifacts.Formats.TensorBoard;

/// <summary>
/// Writes scalars as TensorBoard reads them: <c>Event</c> messages (tensorflow/core/util/event.proto) in TFRecord frames, each a
/// length, the bytes, and masked CRC-32C sums of both (tensorflow/core/lib/io/record_writer.cc).
/// </summary>
public static class EventFileWriter
{
    /// <summary>Media type of a stored event file.</summary>
    public const string MediaType = "application/x-tensorboard-events";

    private const string Version = "brain.Event:2";
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Writes a whole event file.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="points">In the order of their steps.</param>
    /// <param name="begin">Time of the file's first record.</param>
    /// <param name="cancellationToken">Cancels; the stream then holds a part.</param>
    /// <returns>A task that ends with the last byte written.</returns>
    public static async Task WriteAsync(
        Stream stream, IEnumerable<ScalarPoint> points, DateTimeOffset begin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(points);
        await stream.WriteAsync(Frame(Message(output =>
        {
            WriteTime(output, begin);
            output.WriteRawTag(3 << 3 | 2);
            output.WriteString(Version);
        })), cancellationToken).ConfigureAwait(false);
        foreach (var point in points)
        {
            await stream.WriteAsync(Frame(EventOf(point)), cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[] EventOf(ScalarPoint point)
    {
        var summary = Message(output =>
        {
            foreach (var (tag, value) in point.Values)
            {
                output.WriteRawTag(1 << 3 | 2);
                output.WriteBytes(ByteString.CopyFrom(Message(one =>
                {
                    one.WriteRawTag(1 << 3 | 2);
                    one.WriteString(tag);
                    one.WriteRawTag(2 << 3 | 5);
                    one.WriteFloat((float)value);
                })));
            }
        });
        return Message(output =>
        {
            WriteTime(output, point.Time);
            output.WriteRawTag(2 << 3 | 0);
            output.WriteInt64(point.Step);
            output.WriteRawTag(5 << 3 | 2);
            output.WriteBytes(ByteString.CopyFrom(summary));
        });
    }

    private static void WriteTime(CodedOutputStream output, DateTimeOffset time)
    {
        output.WriteRawTag(1 << 3 | 1);
        output.WriteDouble((time - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(output);
        }

        return bytes.ToArray();
    }

    private static byte[] Frame(byte[] content)
    {
        var frame = new byte[8 + 4 + content.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), MaskedSum(frame.AsSpan(0, 8)));
        content.CopyTo(frame.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12 + content.Length), MaskedSum(content));
        return frame;
    }

    // Masked, because the sum of bytes that hold their own sum tells little.
    private static uint MaskedSum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return BitOperations.RotateRight(~sum, 15) + MaskDelta;
    }
}

using System.Buffers.Binary;

namespace IntraDA.Hostile.Tests.Images;

/// <summary>Ways to spoil a JPEG.</summary>
internal static class JpegRules
{
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> All { get; } = new Dictionary<string, Func<byte[], byte[]>>
    {
        ["only the first marker"] = jpeg => jpeg[..3],
        ["cut before the frame"] = jpeg => jpeg[..(Frame(jpeg) - 1)],
        ["cut in the frame"] = jpeg => jpeg[..(Frame(jpeg) + 6)],
        ["cut before the scan"] = jpeg => jpeg[..Scan(jpeg)],
        ["cut in the scan"] = jpeg => jpeg[..(Scan(jpeg) + ((jpeg.Length - Scan(jpeg)) / 2))],
        ["65,535 x 65,535"] = jpeg => WithSize(jpeg, 65_535, 65_535),
        ["60,000 x 60,000"] = jpeg => WithSize(jpeg, 60_000, 60_000),
        ["no width"] = jpeg => WithSize(jpeg, 0, 8),
        ["no height"] = jpeg => WithSize(jpeg, 8, 0),
        ["12 bits"] = jpeg => With(jpeg, Frame(jpeg) + 4, 12),
        ["four components"] = jpeg => With(jpeg, Frame(jpeg) + 9, 4),
        ["two components"] = jpeg => With(jpeg, Frame(jpeg) + 9, 2),
        ["no components"] = jpeg => With(jpeg, Frame(jpeg) + 9, 0),
        ["lossless frame with no such data"] = jpeg => [.. jpeg[..Frame(jpeg)], 0xFF, 0xC3, .. jpeg[(Frame(jpeg) + 2)..Scan(jpeg)]],
        ["a thousand scans"] = jpeg => [.. jpeg, .. Enumerable.Repeat(jpeg[Scan(jpeg)..(Scan(jpeg) + 14)], 1000).SelectMany(scan => scan)],
        ["segment of 64 KiB announced"] = jpeg => [.. jpeg[..2], 0xFF, 0xE1, 0xFF, 0xFF, .. jpeg[2..40]],
        ["segment of length 1"] = jpeg => [.. jpeg[..2], 0xFF, 0xE1, 0, 1, .. jpeg[2..]],
        ["end before the frame"] = jpeg => [.. jpeg[..2], 0xFF, 0xD9, .. jpeg[2..]],
        ["nothing but markers"] = jpeg => [.. jpeg[..2], .. Enumerable.Repeat((byte)0xFF, 5000)],
    };

    private static int Frame(byte[] jpeg) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00]);

    private static int Scan(byte[] jpeg) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

    private static byte[] With(byte[] jpeg, int at, byte value)
    {
        var copy = (byte[])jpeg.Clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] WithSize(byte[] jpeg, ushort width, ushort height)
    {
        var copy = (byte[])jpeg.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(Frame(jpeg) + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(Frame(jpeg) + 7), width);
        return copy;
    }
}

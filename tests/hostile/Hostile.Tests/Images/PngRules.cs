using System.Buffers.Binary;
using IntraDA.Data.Tests;

namespace IntraDA.Hostile.Tests.Images;

/// <summary>Ways to spoil a PNG. Each works on any base, whose chunks are found and whose checksums are made right again.</summary>
internal static class PngRules
{
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> All { get; } = new Dictionary<string, Func<byte[], byte[]>>
    {
        ["only the signature"] = png => png[..8],
        ["half a signature"] = png => png[..4],
        ["cut in the header"] = png => png[..20],
        ["cut after the header"] = png => png[..33],
        ["cut in the middle"] = png => png[..(png.Length / 2)],
        ["cut in the data"] = png => png[..(DataStart(png) + 9)],
        ["60,000 x 60,000"] = png => WithSize(png, 60_000, 60_000),
        ["2^31-1 x 1"] = png => WithSize(png, int.MaxValue, 1),
        ["1 x 2^32-1"] = png => WithSize(png, 1, uint.MaxValue),
        ["no width"] = png => WithSize(png, 0, 5),
        ["no height"] = png => WithSize(png, 5, 0),
        ["more rows than data"] = png => WithSize(png, 900, 900),
        ["bit depth 3"] = png => WithHeaderByte(png, 8, 3),
        ["colour type 5"] = png => WithHeaderByte(png, 9, 5),
        ["unknown compression"] = png => WithHeaderByte(png, 10, 1),
        ["unknown filter"] = png => WithHeaderByte(png, 11, 9),
        ["interlace 2"] = png => WithHeaderByte(png, 12, 2),
        ["header checksum wrong"] = png => Flip(png, 29),
        ["data checksum wrong"] = png => Flip(png, DataStart(png) + 8),
        ["data of zeros"] = png => WithData(png, new byte[64]),
        ["data too short"] = png => WithData(png, TestPng.Compress(new byte[3])),
        ["no data"] = png => [.. png[..DataStart(png)], .. TestPng.Chunk("IEND", [])],
        ["animated"] = png => Insert(png, TestPng.Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])),
        ["chunk of 2 GiB announced"] = png => Insert(png, [0x7F, 0xFF, 0xFF, 0xFF, .. "tEXt"u8]),
        ["another chunk first"] = png => [.. png[..8], .. TestPng.Chunk("tEXt", "a\0b"u8.ToArray()), .. png[8..]],
    };

    /// <summary>Where the first chunk of image data begins.</summary>
    public static int DataStart(byte[] png) => png.AsSpan().IndexOf("IDAT"u8) - 4;

    public static byte[] Flip(byte[] bytes, int at)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] ^= 0x5A;
        return copy;
    }

    private static byte[] WithSize(byte[] png, uint width, uint height)
    {
        var header = png[16..29];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        return [.. png[..8], .. TestPng.Chunk("IHDR", header), .. png[33..]];
    }

    private static byte[] WithHeaderByte(byte[] png, int at, byte value)
    {
        var header = png[16..29];
        header[at] = value;
        return [.. png[..8], .. TestPng.Chunk("IHDR", header), .. png[33..]];
    }

    private static byte[] WithData(byte[] png, byte[] data) =>
        [.. png[..DataStart(png)], .. TestPng.Chunk("IDAT", data), .. TestPng.Chunk("IEND", [])];

    private static byte[] Insert(byte[] png, byte[] chunk) => [.. png[..33], .. chunk, .. png[33..]];
}

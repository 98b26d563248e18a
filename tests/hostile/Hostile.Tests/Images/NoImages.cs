using IntraDA.Data.Tests;

namespace IntraDA.Hostile.Tests.Images;

/// <summary>Files that are something else.</summary>
internal static class NoImages
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["nothing"] = [],
        ["one byte"] = [0xFF],
        ["zeros"] = new byte[1000],
        ["text"] = "not an image"u8.ToArray(),
        ["HTML"] = "<html><body><img src=x></body></html>"u8.ToArray(),
        ["SVG"] = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"u8.ToArray(),
        ["animated GIF"] = Pad("GIF89a"u8),
        ["BMP"] = Pad("BM"u8),
        ["TIFF, little endian"] = Pad("II*\0"u8),
        ["TIFF, big endian"] = Pad("MM\0*"u8),
        ["WebP"] = Pad("RIFF\0\0\0\0WEBPVP8 "u8),
        ["AVIF"] = Pad("\0\0\0\x1cftypavif"u8),
        ["ICO"] = Pad([0, 0, 1, 0, 1, 0]),
        ["PDF"] = Pad("%PDF-1.7\n"u8),
        ["zip"] = Pad("PK\x03\x04"u8),
        ["gzip"] = Pad([0x1F, 0x8B, 8]),
        ["program"] = Pad("\x7f"u8, "ELF"u8),
        ["noise"] = Noise(4096),
        ["a PNG in a text"] = [.. "data:image/png;base64,"u8, .. Pictures.Png()],
        ["JPEG 2000"] = Pad([0, 0, 0, 12, .. "jP  "u8]),
    };

    public static byte[] Noise(int length, int seed = 7)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Pad(ReadOnlySpan<byte> begin) => [.. begin, .. Noise(200)];

    private static byte[] Pad(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> more) => [.. begin, .. more, .. Noise(200)];
}

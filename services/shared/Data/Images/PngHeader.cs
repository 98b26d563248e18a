using System.Buffers.Binary;

namespace IntraDA.Data.Images;

/// <summary>The IHDR chunk of a PNG (W3C PNG, 11.2.1).</summary>
internal sealed record PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    // Deflate turns at most 258 bytes into 2 bits.
    private const int MaxDeflateRatio = 1032;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public int Channels => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    public static bool IsPng(ReadOnlySpan<byte> encoded) => encoded.StartsWith(Signature);

    /// <summary>Reads IHDR and refuses animations, whose frames have no single truth.</summary>
    public static PngHeader Read(ReadOnlySpan<byte> encoded, string name)
    {
        if (!IsPng(encoded))
        {
            throw new BadImageException(name, "it is not a PNG");
        }

        var rest = encoded[Signature.Length..];
        if (rest.Length < 25 || BinaryPrimitives.ReadUInt32BigEndian(rest) != 13 || !rest[4..].StartsWith("IHDR"u8))
        {
            throw new BadImageException(name, "it is a PNG that does not begin with a whole header");
        }

        var header = Parse(rest.Slice(8, 13), name);
        RefuseImplausible(header, encoded.Length, name);
        RefuseAnimation(rest, name);
        return header;
    }

    private static PngHeader Parse(ReadOnlySpan<byte> chunk, string name)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        var height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        var depth = chunk[8];
        var color = (PngColorType)chunk[9];
        var known = color switch
        {
            PngColorType.Gray => depth is 1 or 2 or 4 or 8 or 16,
            PngColorType.Palette => depth is 1 or 2 or 4 or 8,
            PngColorType.Rgb or PngColorType.GrayAlpha or PngColorType.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!known || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1 || width > int.MaxValue || height > int.MaxValue)
        {
            throw new BadImageException(name, "its PNG header holds values that the format does not have");
        }

        return new PngHeader((int)width, (int)height, depth, color, chunk[12] == 1);
    }

    // Checked before pixels are allocated: a few bytes that announce a gigabyte are to cost a few bytes.
    private static void RefuseImplausible(PngHeader header, int bytes, string name)
    {
        var announced = (Int128)header.Width * header.Height * header.Channels * header.BitDepth / 8;
        if (announced > (Int128)bytes * MaxDeflateRatio)
        {
            throw new BadImageException(
                name, $"its header says {header.Width}x{header.Height} pixels, more than {bytes} bytes can hold; it is cut off or forged");
        }
    }

    private static void RefuseAnimation(ReadOnlySpan<byte> rest, string name)
    {
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var type = rest.Slice(4, 4);
            if (type.SequenceEqual("acTL"u8))
            {
                throw new BadImageException(name, "it is an animated PNG; single images are read");
            }

            if (type.SequenceEqual("IDAT"u8) || length > rest.Length - 12)
            {
                return;
            }

            rest = rest[(12 + (int)length)..];
        }
    }
}

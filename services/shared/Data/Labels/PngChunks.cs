using System.Buffers.Binary;
using IntraDA.Data.Images;

namespace IntraDA.Data.Labels;

/// <summary>The palette and the joined compressed data of a PNG whose chunks are all whole.</summary>
internal sealed record PngChunks(byte[] Compressed, byte[]? Palette)
{
    public static PngChunks Read(ReadOnlySpan<byte> png, PngHeader header, string name)
    {
        using var compressed = new MemoryStream();
        byte[]? palette = null;
        var rest = png[PngHeader.Signature.Length..];
        while (true)
        {
            var (type, body) = Next(ref rest, name);
            if (type.SequenceEqual("IEND"u8))
            {
                break;
            }

            if (type.SequenceEqual("IDAT"u8))
            {
                compressed.Write(body);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = body.Length is > 0 and <= 768 && body.Length % 3 == 0
                    ? body.ToArray()
                    : throw new BadImageException(name, $"its palette has {body.Length} bytes");
            }
            else if (char.IsAsciiLetterUpper((char)type[0]) && !type.SequenceEqual("IHDR"u8))
            {
                throw new BadImageException(name, "it holds a PNG chunk of an unknown kind that may not be skipped");
            }
        }

        if (header.ColorType == PngColorType.Palette && palette is null)
        {
            throw new BadImageException(name, "it is a palette PNG without a palette");
        }

        return new PngChunks(compressed.ToArray(), palette);
    }

    private static Chunk Next(ref ReadOnlySpan<byte> rest, string name)
    {
        if (rest.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(rest) > (uint)(rest.Length - 12))
        {
            throw new BadImageException(name, "it is cut off");
        }

        var length = (int)BinaryPrimitives.ReadUInt32BigEndian(rest);
        var chunk = new Chunk(rest.Slice(4, 4), rest.Slice(8, length));
        if (Crc32.Compute(rest.Slice(4, 4 + length)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]))
        {
            throw new BadImageException(name, "it is damaged: the checksum of a chunk is wrong");
        }

        rest = rest[(12 + length)..];
        return chunk;
    }

    private readonly ref struct Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        private readonly ReadOnlySpan<byte> _type = type;
        private readonly ReadOnlySpan<byte> _body = body;

        public void Deconstruct(out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> body)
        {
            type = _type;
            body = _body;
        }
    }
}

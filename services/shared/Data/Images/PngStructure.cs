using System.Buffers.Binary;
using System.IO.Compression;
using IntraDA.Data.Labels;

namespace IntraDA.Data.Images;

/// <summary>Looks over a PNG's chunks and whether their data hold every row, without making pixels of them.</summary>
internal static class PngStructure
{
    /// <summary>Whether all chunks up to the last are there, unharmed, and all rows in them.</summary>
    /// <param name="png">A file with a whole header.</param>
    /// <param name="name">The file, for messages.</param>
    /// <returns>False where something is missing or damaged, which a decoder may or may not bear.</returns>
    public static bool IsWhole(ReadOnlySpan<byte> png, string name)
    {
        using var compressed = new MemoryStream();
        for (var rest = png[PngHeader.Signature.Length..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
            {
                return false;
            }

            var body = rest.Slice(4, 4 + (int)length);
            if (Crc32.Compute(body) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]))
            {
                return false;
            }

            if (body.StartsWith("IEND"u8))
            {
                compressed.Position = 0;
                return HasEveryRow(compressed, PngHeader.Read(png, name));
            }

            if (body.StartsWith("IDAT"u8))
            {
                compressed.Write(body[4..]);
            }

            rest = rest[(12 + (int)length)..];
        }

        return false;
    }

    // An encoder that broke off between two rows wrote right checksums of too little.
    private static bool HasEveryRow(Stream compressed, PngHeader header)
    {
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            return PngSamples.HasEveryRow(zlib, header);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

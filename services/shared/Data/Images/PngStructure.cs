using System.Buffers.Binary;
using IntraDA.Data.Labels;

namespace IntraDA.Data.Images;

/// <summary>Looks over a PNG's chunks: each carries a checksum of its bytes, so nothing need be decompressed to see damage.</summary>
internal static class PngStructure
{
    /// <summary>Whether all chunks up to the last are there, unharmed, and pixels among them.</summary>
    /// <param name="png">A file that begins with the signature.</param>
    /// <returns>False where something is missing or damaged, which a decoder may or may not bear.</returns>
    public static bool IsWhole(ReadOnlySpan<byte> png)
    {
        var hasPixels = false;
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
                return hasPixels;
            }

            hasPixels |= body.StartsWith("IDAT"u8);
            rest = rest[(12 + (int)length)..];
        }

        return false;
    }
}

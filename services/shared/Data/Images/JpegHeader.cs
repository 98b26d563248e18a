using System.Buffers.Binary;

namespace IntraDA.Data.Images;

/// <summary>Finds the frame header of a JPEG (ITU-T T.81, annex B).</summary>
internal static class JpegHeader
{
    // Real progressive files have about ten scans. A scan of a few bytes makes the decoder walk all coefficients of the image,
    // so a small file with very many of them would hold a processor for hours.
    private const int MaxScans = 100;

    // A block of 8 x 8 takes a bit at the least, in the component that has the most blocks; odd sampling factors can halve its share.
    private const int MaxPixelsPerByte = 8 * 128;

    /// <summary>Refuses a header that announces more than the file can hold; checked before pixels are allocated.</summary>
    public static void RefuseImplausible(ImageHeader header, int bytes, string name)
    {
        if ((long)header.Width * header.Height > (long)bytes * MaxPixelsPerByte)
        {
            throw new BadImageException(
                name, $"its header says {header.Width}x{header.Height} pixels, more than {bytes} bytes can hold; it is cut off or forged");
        }
    }

    public static ImageHeader Read(ReadOnlySpan<byte> encoded, string name)
    {
        var at = 2;
        while (true)
        {
            while (at < encoded.Length && encoded[at] != 0xFF)
            {
                at++;
            }

            while (at < encoded.Length && encoded[at] == 0xFF)
            {
                at++;
            }

            if (at + 3 > encoded.Length)
            {
                throw new BadImageException(name, "it is a JPEG that ends before its frame header");
            }

            var marker = encoded[at++];
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(encoded[at..]);
            if (length < 2 || marker is 0xD9 or 0xDA)
            {
                throw new BadImageException(name, "it is a JPEG without a frame header");
            }

            if (at + length > encoded.Length)
            {
                throw new BadImageException(name, "it is a JPEG that ends before its frame header");
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return Frame(encoded, encoded.Slice(at, length), name);
            }

            at += length;
        }
    }

    private static ImageHeader Frame(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> frame, string name)
    {
        if (frame.Length < 8)
        {
            throw new BadImageException(name, "its JPEG frame header is too short");
        }

        var precision = frame[2];
        var height = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(frame[5..]);
        var components = frame[7];
        if (precision != 8)
        {
            throw new BadImageException(name, $"it is a JPEG of {precision} bits per sample; 8 are read");
        }

        if (components is not (1 or 3))
        {
            throw new BadImageException(name, $"it is a JPEG of {components} components (CMYK or other); convert it to RGB");
        }

        if (encoded.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]) > MaxScans)
        {
            throw new BadImageException(name, $"it is a JPEG of more than {MaxScans} scans");
        }

        return new ImageHeader(ImageFormat.Jpeg, width, height, components, precision);
    }
}

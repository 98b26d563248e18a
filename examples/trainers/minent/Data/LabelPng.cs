using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MinEntTrainer.Service;

namespace MinEntTrainer.Data;

/// <summary>
/// Reads the raw values of one channel of a PNG. Photo decoders will not do for label maps: they turn palette indices into colours and 16 bits
/// into 8.
/// </summary>
internal static class LabelPng
{
    private const long MostPixels = 64L << 20;
    private const int Palette = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a file.</summary>
    /// <param name="file">The whole file; its digest has been verified, so checksums within are not looked at again.</param>
    /// <param name="channel">Channel that is wanted.</param>
    /// <param name="name">For messages.</param>
    /// <returns>Size, and values in rows.</returns>
    /// <exception cref="Refusal">INVALID_ARGUMENT: it cannot be used.</exception>
    public static (int Width, int Height, ushort[] Values) Read(byte[] file, int channel, string name)
    {
        try
        {
            var (header, data) = Chunks(file, name);
            var width = BinaryPrimitives.ReadInt32BigEndian(header);
            var height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
            var (depth, color, interlaced) = (header[8], header[9], header[12] != 0);
            var channels = color switch { 0 or Palette => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
            if (width < 1 || height < 1 || (long)width * height > MostPixels || interlaced || channel >= channels || depth is not (1 or 2 or 4 or 8 or 16))
            {
                throw Bad(name, $"it is interlaced, too large, or has no channel {channel}");
            }

            using var inflated = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
            return (width, height, Rows(inflated, width, height, depth, channels, channel));
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw Bad(name, "it is damaged or cut off");
        }
    }

    private static (byte[] Header, byte[] Data) Chunks(byte[] file, string name)
    {
        if (!file.AsSpan().StartsWith(Signature))
        {
            throw Bad(name, "it is no PNG");
        }

        byte[] header = [];
        using var data = new MemoryStream();
        for (var at = Signature.Length; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var body = file.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(file, at + 4, 4))
            {
                case "IHDR":
                    header = body.ToArray();
                    break;
                case "IDAT":
                    data.Write(body);
                    break;
                default:
                    break;
            }

            at += length + 12;
        }

        return (header, data.ToArray());
    }

    private static ushort[] Rows(Stream inflated, int width, int height, int depth, int channels, int channel)
    {
        var step = Math.Max(1, channels * depth / 8);
        var (row, above) = (new byte[((width * channels * depth) + 7) / 8], new byte[((width * channels * depth) + 7) / 8]);
        var values = new ushort[width * height];
        for (var y = 0; y < height; y++)
        {
            var filter = inflated.ReadByte();
            inflated.ReadExactly(row);
            Unfilter(filter, row, above, step);
            for (var x = 0; x < width; x++)
            {
                var sample = (x * channels) + channel;
                values[(y * width) + x] = depth switch
                {
                    16 => BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * sample)),
                    8 => row[sample],
                    _ => (ushort)((row[sample * depth / 8] >> (8 - depth - (sample * depth % 8))) & ((1 << depth) - 1)),
                };
            }

            (row, above) = (above, row);
        }

        return values;
    }

    // PNG specification, section 9.
    private static void Unfilter(int filter, byte[] row, byte[] above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, up, corner) = (i < step ? 0 : row[i - step], above[i], i < step ? 0 : above[i - step]);
            row[i] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => (byte)up,
                3 => (byte)((left + up) / 2),
                4 => (byte)Paeth(left, up, corner),
                _ => throw new InvalidDataException(),
            };
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static Refusal Bad(string name, string what) => SpecRules.Bad("dataset", $"The label map '{name}' cannot be used: {what}.");
}

using System.Buffers.Binary;
using IntraDA.Data.Images;

namespace IntraDA.Data.Labels;

/// <summary>Turns decompressed PNG scanlines into samples: undoes filters and interlacing, unpacks bits.</summary>
internal static class PngSamples
{
    private const int LastFilter = 4;

    // Adam7 (W3C PNG, 8.2): origin and spacing of each pass.
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] Whole = [(0, 0, 1, 1)];

    public static ushort[] Read(Stream scanlines, PngHeader header, int? channel, string name)
    {
        var kept = channel is null ? header.Channels : 1;
        var samples = new ushort[checked(header.Width * header.Height * kept)];
        foreach (var (pass, width, height) in Passes(header))
        {
            ReadPass(scanlines, header, channel, samples, pass, width, height, name);
        }

        return samples;
    }

    /// <summary>Whether every row of every pass is there, with a filter that exists, and the stream's end agrees with its checksum.</summary>
    public static bool HasEveryRow(Stream scanlines, PngHeader header)
    {
        foreach (var (_, width, height) in Passes(header))
        {
            var row = new byte[RowBytes(header, width) + 1];
            for (var y = 0; y < height; y++)
            {
                if (scanlines.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length || row[0] > LastFilter)
                {
                    return false;
                }
            }
        }

        scanlines.ReadByte();
        return true;
    }

    private static IEnumerable<((int X, int Y, int StepX, int StepY) Pass, int Width, int Height)> Passes(PngHeader header) =>
        (header.Interlaced ? Adam7 : Whole)
            .Select(pass => (
                Pass: pass,
                Width: (header.Width - pass.X + pass.StepX - 1) / pass.StepX,
                Height: (header.Height - pass.Y + pass.StepY - 1) / pass.StepY))
            .Where(size => size.Width > 0 && size.Height > 0);

    private static int RowBytes(PngHeader header, int width) => (int)((((long)width * header.Channels * header.BitDepth) + 7) / 8);

    private static void ReadPass(
        Stream scanlines,
        PngHeader header,
        int? channel,
        ushort[] samples,
        (int X, int Y, int StepX, int StepY) pass,
        int width,
        int height,
        string name)
    {
        var kept = channel is null ? header.Channels : 1;
        var pixelBits = header.Channels * header.BitDepth;
        var rowBytes = RowBytes(header, width);
        var distance = Math.Max(1, pixelBits / 8);
        var row = new byte[rowBytes + 1];
        var previous = new byte[rowBytes + 1];
        var unpacked = new ushort[width * header.Channels];
        for (var y = 0; y < height; y++)
        {
            if (scanlines.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw new BadImageException(name, "it is cut off: rows are missing");
            }

            Unfilter(row[0], row.AsSpan(1), previous.AsSpan(1), distance, name);
            Unpack(row.AsSpan(1), unpacked, header.BitDepth);
            var first = (((pass.Y + (y * pass.StepY)) * header.Width) + pass.X) * kept;
            Scatter(unpacked, header.Channels, channel, samples.AsSpan(first), pass.StepX * kept);
            (row, previous) = (previous, row);
        }
    }

    private static void Scatter(ReadOnlySpan<ushort> pixels, int channels, int? channel, Span<ushort> target, int step)
    {
        var begin = channel ?? 0;
        var kept = channel is null ? channels : 1;
        for (int from = begin, to = 0; from < pixels.Length; from += channels, to += step)
        {
            for (var c = 0; c < kept; c++)
            {
                target[to + c] = pixels[from + c];
            }
        }
    }

    private static void Unpack(ReadOnlySpan<byte> row, Span<ushort> samples, int bitDepth)
    {
        if (bitDepth == 8)
        {
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = row[i];
            }
        }
        else if (bitDepth == 16)
        {
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = BinaryPrimitives.ReadUInt16BigEndian(row[(2 * i)..]);
            }
        }
        else
        {
            var mask = (1 << bitDepth) - 1;
            for (var i = 0; i < samples.Length; i++)
            {
                var bit = i * bitDepth;
                samples[i] = (ushort)((row[bit >> 3] >> (8 - bitDepth - (bit & 7))) & mask);
            }
        }
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int distance, string name)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (var i = distance; i < row.Length; i++)
                {
                    row[i] += row[i - distance];
                }

                break;
            case 2:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (var i = 0; i < row.Length; i++)
                {
                    var left = i < distance ? 0 : row[i - distance];
                    row[i] += (byte)((left + above[i]) / 2);
                }

                break;
            case 4:
                for (var i = 0; i < row.Length; i++)
                {
                    var (left, corner) = i < distance ? (0, 0) : (row[i - distance], above[i - distance]);
                    row[i] += (byte)Paeth(left, above[i], corner);
                }

                break;
            default:
                throw new BadImageException(name, $"it is damaged: a row has the unknown filter {filter}");
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var toLeft = Math.Abs(above - corner);
        var toAbove = Math.Abs(left - corner);
        var toCorner = Math.Abs(left + above - corner - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}

using IntraDA.Data.Images;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Labels;

/// <summary>Reads label files into train ids.</summary>
public static class LabelMapReader
{
    /// <summary>Reads a label file.</summary>
    /// <param name="png">The whole file: palette, greyscale or multi-channel PNG.</param>
    /// <param name="encoding">How raw values become train ids; null: raw values of channel 0 are train ids.</param>
    /// <param name="classes">Number of classes, 2 to 254; train ids beyond it become <see cref="ClassList.Ignore"/>.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Refuses more bytes or pixels.</param>
    /// <returns>The map, of the file's size.</returns>
    /// <exception cref="BadImageException">
    /// Not a whole PNG, without the channel, or a colour image where ids are expected to be train ids.
    /// </exception>
    public static LabelMap Read(ReadOnlyMemory<byte> png, LabelEncoding? encoding, int classes, string name, ImageLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 254);
        var raw = encoding?.TrainIds is null
            ? ReadIds(png, name, limits, encoding?.Channel ?? 0)
            : PngReader.Read(png, name, limits, encoding.Channel);

        var table = Table(encoding, classes, 1 << raw.BitDepth);
        var trainIds = GC.AllocateUninitializedArray<byte>(raw.Samples.Length);
        for (var i = 0; i < trainIds.Length; i++)
        {
            trainIds[i] = table[raw.Samples[i]];
        }

        return new LabelMap(raw.Width, raw.Height, trainIds);
    }

    /// <summary>Reads a label file whose raw values are train ids, as they stand in it.</summary>
    /// <param name="png">The whole file: palette or greyscale PNG.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Refuses more bytes or pixels.</param>
    /// <param name="channel">The channel that holds them.</param>
    /// <returns>One sample a pixel.</returns>
    /// <exception cref="BadImageException">Not a whole PNG, without the channel, or a colour image.</exception>
    public static RawPng ReadIds(ReadOnlyMemory<byte> png, string name, ImageLimits limits, int channel = 0)
    {
        var raw = PngReader.Read(png, name, limits, channel);
        return raw.ColorType is PngColorType.Rgb or PngColorType.Rgba
            ? throw new BadImageException(name, "it is a colour image; a label file holds class ids in greyscale or as palette "
                + "indices")
            : raw;
    }

    private static byte[] Table(LabelEncoding? encoding, int classes, int values)
    {
        var table = new byte[values];
        Array.Fill(table, ClassList.Ignore);
        if (encoding?.TrainIds is { } map)
        {
            foreach (var (raw, trainId) in map)
            {
                if (raw >= 0 && raw < values && trainId >= 0 && trainId < classes)
                {
                    table[raw] = (byte)trainId;
                }
            }
        }
        else
        {
            for (var id = 0; id < Math.Min(classes, values); id++)
            {
                table[id] = (byte)id;
            }
        }

        return table;
    }
}

using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Predict;

/// <summary>Draws predictions for people.</summary>
internal static class PredictionImages
{
    // Half: the photograph stays recognisable under every class colour.
    private const int ColourWeight = 128;

    /// <summary>Lays the classes' colours over a photograph; ignored pixels show the photograph alone.</summary>
    /// <param name="photograph">The photograph.</param>
    /// <param name="labels">Train ids; where its size differs, the photograph is brought to it.</param>
    /// <param name="palette">3 bytes per class.</param>
    /// <returns>The overlay, of the label map's size.</returns>
    public static RgbImage Overlay(RgbImage photograph, LabelMap labels, ReadOnlySpan<byte> palette)
    {
        var backdrop = photograph.Width == labels.Width && photograph.Height == labels.Height
            ? photograph
            : ImageScaler.Area(photograph, labels.Width, labels.Height);
        var pixels = (byte[])backdrop.Pixels.Clone();
        for (var i = 0; i < labels.TrainIds.Length; i++)
        {
            var trainId = labels.TrainIds[i];
            if (trainId == ClassList.Ignore || 3 * trainId >= palette.Length)
            {
                continue;
            }

            for (var channel = 0; channel < 3; channel++)
            {
                var at = (3 * i) + channel;
                pixels[at] = (byte)(((pixels[at] * (256 - ColourWeight)) + (palette[(3 * trainId) + channel] * ColourWeight)) >> 8);
            }
        }

        return new RgbImage(labels.Width, labels.Height, pixels);
    }

    /// <summary>Colours an entropy map.</summary>
    /// <param name="entropyPng">8-bit greyscale PNG, 255 = highest entropy.</param>
    /// <param name="name">The image, for messages.</param>
    /// <returns>The heat map.</returns>
    /// <exception cref="BadImageException">It is no such PNG.</exception>
    public static RgbImage HeatMap(ReadOnlyMemory<byte> entropyPng, string name)
    {
        var map = PngReader.Read(entropyPng, name, new ImageLimits(), channel: 0);
        var pixels = new byte[map.Samples.Length * 3];
        for (var i = 0; i < map.Samples.Length; i++)
        {
            EntropyColours.Table.Slice(3 * map.Samples[i], 3).CopyTo(pixels.AsSpan(3 * i, 3));
        }

        return new RgbImage(map.Width, map.Height, pixels);
    }

    /// <summary>The colours of a label space, derived where it names none.</summary>
    /// <param name="classes">The label space.</param>
    /// <returns>3 bytes per class.</returns>
    public static byte[] Palette(ClassSet classes) =>
        classes.Palette.Length == 3 * classes.Names.Count ? classes.Palette.ToByteArray() : Palettes.ForNames([.. classes.Names]);
}

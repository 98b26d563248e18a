using IntraDA.Data.Manifests;

namespace IntraDA.Data.Labels;

/// <summary>Writes label maps.</summary>
public static class LabelMapWriter
{
    /// <summary>Media type of what this writes.</summary>
    public const string MediaType = "image/png";

    /// <summary>Encodes train ids as 8-bit greyscale PNG, 255 = ignore: the form in which label maps are stored.</summary>
    /// <param name="map">The map.</param>
    /// <returns>The file.</returns>
    public static byte[] EncodePng(LabelMap map) => PngWriter.Gray8(map.Width, map.Height, map.TrainIds);

    /// <summary>Encodes train ids as palette PNG: people see colours, programs still read train ids. Ignored pixels are black.</summary>
    /// <param name="map">The map.</param>
    /// <param name="classes">Gives the colours.</param>
    /// <returns>The file.</returns>
    public static byte[] EncodeColorPng(LabelMap map, ClassList classes)
    {
        // All 256 entries, because 255 must have one and ids between the last class and it may not be out of the palette.
        var palette = new byte[768];
        classes.Palette.CopyTo(palette.AsSpan());
        return PngWriter.Palette8(map.Width, map.Height, map.TrainIds, palette);
    }
}

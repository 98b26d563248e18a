using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Makes the gallery's small pictures: JPEG for photographs, palette PNG for maps.</summary>
public static class Thumbnails
{
    /// <summary>Largest width of a picture, pixels.</summary>
    public const int MaxWidth = 320;

    private const int MaxHeight = 320;
    private const int Quality = 84;

    /// <summary>A photograph.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The picture, at most <see cref="MaxWidth"/> wide.</returns>
    public static Picture Photo(RgbImage image)
    {
        var small = ImageScaler.Thumbnail(image, MaxWidth, MaxHeight);
        return new Picture("image/jpeg", ImageEncoder.EncodeJpeg(small, Quality), small.Width, small.Height);
    }

    /// <summary>A label map in its classes' colours.</summary>
    /// <param name="map">The map.</param>
    /// <param name="classes">Gives the colours.</param>
    /// <param name="photo">The picture it stands beside: it gets its size.</param>
    /// <returns>The picture.</returns>
    public static Picture Labels(LabelMap map, ClassList classes, Picture photo)
    {
        var small = map.ResizeNearest(photo.Width, photo.Height);
        return new Picture("image/png", LabelMapWriter.EncodeColorPng(small, classes), small.Width, small.Height);
    }

    /// <summary>A predicted label map in its classes' colours.</summary>
    /// <param name="png">8-bit greyscale PNG of train ids.</param>
    /// <param name="classes">Gives the colours.</param>
    /// <param name="photo">The picture it stands beside.</param>
    /// <param name="name">The image, for messages.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="BadImageException">The bytes are not such a PNG.</exception>
    public static Picture Prediction(byte[] png, ClassList classes, Picture photo, string name) =>
        Labels(LabelMapReader.Read(png, encoding: null, classes.Names.Count, name, new ImageLimits()), classes, photo);

    /// <summary>An entropy map in the colours of <see cref="EntropyRamp"/>.</summary>
    /// <param name="png">8-bit greyscale PNG, 255 * normalised entropy.</param>
    /// <param name="photo">The picture it stands beside.</param>
    /// <param name="name">The image, for messages.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="BadImageException">The bytes are not such a PNG.</exception>
    public static Picture Entropy(byte[] png, Picture photo, string name)
    {
        var raw = PngReader.Read(png, name, new ImageLimits(), channel: 0);
        var grey = new byte[raw.Samples.Length * 3];
        for (var i = 0; i < raw.Samples.Length; i++)
        {
            grey.AsSpan(3 * i, 3).Fill((byte)raw.Samples[i]);
        }

        var small = ImageScaler.Area(new RgbImage(raw.Width, raw.Height, grey), photo.Width, photo.Height);
        var levels = new byte[small.Width * small.Height];
        for (var i = 0; i < levels.Length; i++)
        {
            // 64 levels: the eye sees no more, and the file is half as long.
            levels[i] = (byte)(small.Pixels[3 * i] & 0xFC);
        }

        return new Picture(
            "image/png", PngWriter.Palette8(small.Width, small.Height, levels, EntropyRamp.Palette()), small.Width, small.Height);
    }
}

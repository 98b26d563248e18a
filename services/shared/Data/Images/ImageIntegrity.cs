using IntraDA.Data.Labels;

namespace IntraDA.Data.Images;

/// <summary>Finds out whether a photograph can be decoded, at a part of the cost of doing so.</summary>
/// <remarks>
/// A PNG is looked over by the checksums of its chunks, and its rows are counted. A JPEG has no checksums: its coefficients are read,
/// but only an eighth of the rows and columns is made of them. Where that leaves a doubt, <see cref="ImageDecoder"/> decides: what it
/// reads is never refused here.
/// </remarks>
public static class ImageIntegrity
{
    /// <summary>Checks a file.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="limits">Refuses more bytes or pixels.</param>
    /// <returns>Its header.</returns>
    /// <exception cref="BadImageException">It cannot be decoded: no JPEG or PNG, cut off, damaged, or beyond the limits.</exception>
    public static ImageHeader Check(ReadOnlyMemory<byte> encoded, string name, ImageLimits limits)
    {
        var header = ImageHeader.Read(encoded.Span, name, limits);
        if (header.Format == ImageFormat.Jpeg)
        {
            ImageDecoder.Verify(encoded, header, name);
        }
        else if (!PngReader.IsWhole(encoded.Span, name))
        {
            ImageDecoder.Decode(encoded, name, limits);
        }

        return header;
    }
}

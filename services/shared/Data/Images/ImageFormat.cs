namespace IntraDA.Data.Images;

/// <summary>The encodings that are read.</summary>
public enum ImageFormat
{
    /// <summary>JPEG, 8 bits, greyscale or three colours.</summary>
    Jpeg,

    /// <summary>PNG, one frame.</summary>
    Png,
}

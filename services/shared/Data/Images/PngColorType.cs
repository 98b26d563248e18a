namespace IntraDA.Data.Images;

/// <summary>Colour types of PNG, with the numbers of the file format.</summary>
public enum PngColorType
{
    /// <summary>One grey sample.</summary>
    Gray = 0,

    /// <summary>Red, green, blue.</summary>
    Rgb = 2,

    /// <summary>One palette index.</summary>
    Palette = 3,

    /// <summary>Grey, alpha.</summary>
    GrayAlpha = 4,

    /// <summary>Red, green, blue, alpha.</summary>
    Rgba = 6,
}

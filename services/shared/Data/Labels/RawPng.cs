using IntraDA.Data.Images;

namespace IntraDA.Data.Labels;

/// <summary>The samples of a PNG as they are stored: no palette expansion, no scaling, no colour conversion.</summary>
public sealed class RawPng
{
    internal RawPng(PngHeader header, int channels, ushort[] samples, byte[]? palette)
    {
        Width = header.Width;
        Height = header.Height;
        BitDepth = header.BitDepth;
        ColorType = header.ColorType;
        Interlaced = header.Interlaced;
        Channels = channels;
        Samples = samples;
        Palette = palette;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bits per sample: 1, 2, 4, 8 or 16.</summary>
    public int BitDepth { get; }

    /// <summary>Colour type of the file.</summary>
    public PngColorType ColorType { get; }

    /// <summary>Whether the file was interlaced (Adam7).</summary>
    public bool Interlaced { get; }

    /// <summary>Samples per pixel in <see cref="Samples"/>: all of the file's, or 1 where one channel was asked for.</summary>
    public int Channels { get; }

    /// <summary>[H, W, <see cref="Channels"/>], row-major, each in 0..2^<see cref="BitDepth"/>-1.</summary>
    public ushort[] Samples { get; }

    /// <summary>3 bytes (R, G, B) per index; null without a palette.</summary>
    public byte[]? Palette { get; }
}

using System.ComponentModel.DataAnnotations;

namespace IntraDA.Data.Images;

/// <summary>The largest image that is opened. Checked on the encoded length and the header, before pixels are allocated.</summary>
public sealed record ImageLimits
{
    /// <summary>Largest encoded image in bytes.</summary>
    /// <value>32 MiB; 1 to 1 GiB.</value>
    [Range(1L, 1L << 30)]
    public long MaxBytes { get; init; } = 32L << 20;

    /// <summary>Largest width times height.</summary>
    /// <value>64 Mi pixels (192 MiB as RGB); 1 to 256 Mi.</value>
    [Range(1L, 256L << 20)]
    public long MaxPixels { get; init; } = 64L << 20;

    /// <summary>Refuses an encoded length.</summary>
    /// <exception cref="BadImageException">The length is zero or beyond <see cref="MaxBytes"/>.</exception>
    internal void CheckBytes(long bytes, string name)
    {
        if (bytes == 0)
        {
            throw new BadImageException(name, "it is empty");
        }

        if (bytes > MaxBytes)
        {
            throw new BadImageException(name, $"it has {bytes} bytes, the limit is {MaxBytes}");
        }
    }

    /// <summary>Refuses a header's dimensions.</summary>
    /// <exception cref="BadImageException">A side is zero, or the area is beyond <see cref="MaxPixels"/>.</exception>
    internal void CheckPixels(long width, long height, string name)
    {
        if (width < 1 || height < 1)
        {
            throw new BadImageException(name, $"its header says {width}x{height} pixels");
        }

        // Sides from hostile headers reach 2^31, so the product is taken in a type that holds it.
        if ((Int128)width * height > MaxPixels)
        {
            throw new BadImageException(name, $"its header says {width}x{height} pixels, the limit is {MaxPixels} in all");
        }
    }
}

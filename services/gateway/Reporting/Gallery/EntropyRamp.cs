namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Colours of entropy maps: brightness rises with entropy, so that the map reads the same without colour vision.</summary>
public static class EntropyRamp
{
    private static readonly (byte R, byte G, byte B)[] Stops =
        [(12, 10, 38), (70, 24, 106), (150, 44, 108), (226, 92, 76), (252, 168, 84), (252, 246, 190)];

    /// <summary>The ramp as a palette.</summary>
    /// <returns>3 bytes (R, G, B) for each of 256 levels, level 255 = normalised entropy 1.</returns>
    public static byte[] Palette()
    {
        var palette = new byte[256 * 3];
        for (var level = 0; level < 256; level++)
        {
            var at = level / 255.0 * (Stops.Length - 1);
            var below = Math.Min((int)at, Stops.Length - 2);
            var share = at - below;
            var (low, high) = (Stops[below], Stops[below + 1]);
            palette[3 * level] = Mix(low.R, high.R, share);
            palette[(3 * level) + 1] = Mix(low.G, high.G, share);
            palette[(3 * level) + 2] = Mix(low.B, high.B, share);
        }

        return palette;
    }

    private static byte Mix(byte low, byte high, double share) => (byte)Math.Round(low + ((high - low) * share));
}

namespace IntraDA.Cli.Predict;

/// <summary>
/// A perceptually uniform colour map for entropy, dark violet (0) over red to pale yellow (1): lightness rises linearly in OKLab
/// (Ottosson, "A perceptual color space for image processing", 2020), so equal steps of entropy look equally far apart, also in grey.
/// </summary>
internal static class EntropyColours
{
    // (chroma, hue in degrees) at equal distances; between them both are interpolated, and lightness is linear throughout.
    private static readonly (double Chroma, double Hue)[] ControlPoints =
        [(0.06, 290), (0.13, 305), (0.17, 360), (0.15, 405), (0.11, 465)];

    private const double Darkest = 0.18;
    private const double Lightest = 0.95;

    private static readonly byte[] Colours = MakeTable();

    /// <summary>The colours of the values 0 to 255: 256 x 3 bytes, red first.</summary>
    public static ReadOnlySpan<byte> Table => Colours;

    private static byte[] MakeTable()
    {
        var table = new byte[256 * 3];
        for (var value = 0; value < 256; value++)
        {
            var position = value / 255.0 * (ControlPoints.Length - 1);
            var segment = Math.Min((int)position, ControlPoints.Length - 2);
            var share = position - segment;
            var chroma = double.Lerp(ControlPoints[segment].Chroma, ControlPoints[segment + 1].Chroma, share);
            var hue = double.Lerp(ControlPoints[segment].Hue, ControlPoints[segment + 1].Hue, share) * Math.PI / 180;
            var lightness = double.Lerp(Darkest, Lightest, value / 255.0);
            Convert(lightness, chroma * Math.Cos(hue), chroma * Math.Sin(hue), table.AsSpan(3 * value, 3));
        }

        return table;
    }

    // OKLab to linear sRGB with the constants of the publication, then the transfer function of IEC 61966-2-1.
    private static void Convert(double lightness, double a, double b, Span<byte> rgb)
    {
        var l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        var m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        var s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        rgb[0] = Encode((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s));
        rgb[1] = Encode((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s));
        rgb[2] = Encode((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static double Cube(double value) => value * value * value;

    private static byte Encode(double linear)
    {
        var clipped = Math.Clamp(linear, 0, 1);
        var encoded = clipped <= 0.0031308 ? 12.92 * clipped : (1.055 * Math.Pow(clipped, 1 / 2.4)) - 0.055;
        return (byte)Math.Round(255 * encoded);
    }
}

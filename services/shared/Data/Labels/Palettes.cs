namespace IntraDA.Data.Labels;

/// <summary>Colours of classes.</summary>
public static class Palettes
{
    // The golden ratio's fraction spreads any number of hues without neighbours in the order looking alike.
    private const double HueStep = 0.6180339887498949;

    /// <summary>Colours of the 19 Cityscapes classes in train-id order, as published with the data set's scripts.</summary>
    public static ReadOnlySpan<byte> Cityscapes =>
    [
        128, 64, 128, 244, 35, 232, 70, 70, 70, 102, 102, 156, 190, 153, 153, 153, 153, 153, 250, 170, 30, 220, 220, 0, 107, 142, 35,
        152, 251, 152, 70, 130, 180, 220, 20, 60, 255, 0, 0, 0, 0, 142, 0, 0, 70, 0, 60, 100, 0, 80, 100, 0, 0, 230, 119, 11, 32,
    ];

    /// <summary>Colours for classes without colours of their own.</summary>
    /// <param name="classes">1 to 254.</param>
    /// <returns>3 bytes (R, G, B) per class: hues far apart, all different, none black.</returns>
    public static byte[] Derive(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 254);
        return ForNames([.. Enumerable.Repeat(string.Empty, classes)]);
    }

    /// <summary>Colours by name: those of Cityscapes for classes it knows (also as "tree", "pedestrian", ...), derived ones for others.</summary>
    /// <param name="names">1 to 254 class names.</param>
    /// <returns>3 bytes (R, G, B) per class, all different, none black.</returns>
    public static byte[] ForNames(IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(names.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, 254);
        var colors = new (byte R, byte G, byte B)[names.Count];
        var used = new HashSet<(byte R, byte G, byte B)> { default };
        for (var i = 0; i < colors.Length; i++)
        {
            if (CityscapesId(names[i]) is { } id)
            {
                var color = (Cityscapes[3 * id], Cityscapes[(3 * id) + 1], Cityscapes[(3 * id) + 2]);
                colors[i] = used.Add(color) ? color : default;
            }
        }

        var draw = 0;
        for (var i = 0; i < colors.Length; i++)
        {
            while (colors[i] == default)
            {
                var color = Hue(draw++);
                colors[i] = used.Add(color) ? color : default;
            }
        }

        return [.. colors.SelectMany(color => new[] { color.R, color.G, color.B })];
    }

    private static int? CityscapesId(string name) => name.ToLowerInvariant() switch
    {
        "road" => 0,
        "sidewalk" or "pavement" => 1,
        "building" => 2,
        "wall" => 3,
        "fence" => 4,
        "pole" => 5,
        "light" or "traffic light" => 6,
        "sign" or "traffic sign" => 7,
        "vegetation" or "tree" => 8,
        "terrain" => 9,
        "sky" => 10,
        "person" or "pedestrian" => 11,
        "rider" or "bicyclist" => 12,
        "car" => 13,
        "truck" => 14,
        "bus" => 15,
        "train" => 16,
        "motorcycle" or "motorbike" => 17,
        "bicycle" or "bike" => 18,
        _ => null,
    };

    // Saturation and brightness change from draw to draw as well, because 254 hues alone are hard to tell apart.
    private static (byte R, byte G, byte B) Hue(int draw)
    {
        var hue = draw * HueStep % 1.0 * 6.0;
        var saturation = (draw % 3) switch { 0 => 0.85, 1 => 0.55, _ => 0.7 };
        var value = (draw % 2) switch { 0 => 0.95, _ => 0.75 };
        return (Component(5), Component(3), Component(1));

        // HSV to RGB: f(n) = v - v s max(0, min(k, 4 - k, 1)), k = (n + h / 60 deg) mod 6.
        byte Component(int n)
        {
            var k = (n + hue) % 6.0;
            return (byte)Math.Round(255 * (value - (value * saturation * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1)))));
        }
    }
}

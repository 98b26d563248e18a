namespace IntraDA.Data.Synthetic;

/// <summary>The classes of the synthetic streets and the colours they are shown in.</summary>
public static class StreetClasses
{
    /// <summary>The label of pixels that count in no loss and no metric.</summary>
    public const byte Ignore = 255;

    internal const byte Road = 0;
    internal const byte Sidewalk = 1;
    internal const byte Building = 2;
    internal const byte Fence = 3;
    internal const byte Pole = 4;
    internal const byte Sign = 5;
    internal const byte Vegetation = 6;
    internal const byte Sky = 7;
    internal const byte Person = 8;
    internal const byte Bicyclist = 9;
    internal const byte Car = 10;

    /// <summary>The 11 class names; the position is the train id, 0 to 10.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.AsReadOnly(
    [
        "road", "sidewalk", "building", "fence", "pole", "sign", "vegetation", "sky", "person", "bicyclist", "car",
    ]);

    /// <summary>The Cityscapes colour of each class: 33 bytes, red, green and blue for train ids 0 to 10.</summary>
    public static ReadOnlySpan<byte> Palette =>
    [
        128, 64, 128, 244, 35, 232, 70, 70, 70, 190, 153, 153, 153, 153, 153, 220, 220, 0,
        107, 142, 35, 70, 130, 180, 220, 20, 60, 119, 11, 32, 0, 0, 142,
    ];
}

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Style of a series or group: a colour of the theme and a symbol, so that no distinction rests on colour alone.</summary>
public static class Series
{
    /// <summary>Styles that can be told apart.</summary>
    public const int Count = 6;

    private static readonly string[] Symbols =
    [
        "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0Z",
        "M-3.6,-3.6h7.2v7.2h-7.2Z",
        "M0,-4.8L4.6,3.4H-4.6Z",
        "M0,-5L5,0L0,5L-5,0Z",
        "M0,4.8L4.6,-3.4H-4.6Z",
        "M-1.5,-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z",
    ];

    /// <summary>Class of the style sheet that sets the colour.</summary>
    /// <param name="index">Position of the series; beyond <see cref="Count"/> styles repeat.</param>
    /// <returns>The class name.</returns>
    public static string Class(int index) => $"s{index % Count}";

    /// <summary>Path of the symbol, about 8 units wide, around the origin.</summary>
    /// <param name="index">Position of the series.</param>
    /// <returns>Path data.</returns>
    public static string Symbol(int index) => Symbols[index % Count];
}

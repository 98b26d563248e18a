namespace IntraDA.Gateway.Reporting.Html;

/// <summary>Colours of the report in one mode, light or dark, as "#rrggbb".</summary>
/// <remarks>
/// Chosen by search and held by tests: text has a contrast of at least 4.5 to what it stands on (WCAG 2.2, 1.4.3), marks at least
/// 3 (1.4.11), and any two series colours keep a distance for people who see no red, green or blue (Machado et al., 2009).
/// </remarks>
public sealed record Theme
{
    /// <summary>Dark on white.</summary>
    public static Theme Light { get; } = new()
    {
        Page = "#f4f5f8",
        Surface = "#ffffff",
        Ink = "#191c23",
        Muted = "#555c6b",
        Grid = "#dfe2e8",
        Accent = "#2554c8",
        Control = "#737b8c",
        Caution = "#8f4400",
        CautionSurface = "#fff4e5",
        HeatLow = "#ffffff",
        HeatHigh = "#8fb0f5",
        Series = ["#2554c8", "#cd7918", "#3ba186", "#ab2a7b", "#665a08", "#a571f3"],
    };

    /// <summary>Light on near black.</summary>
    public static Theme Dark { get; } = new()
    {
        Page = "#0f1116",
        Surface = "#171a21",
        Ink = "#e9ebf1",
        Muted = "#a6adbc",
        Grid = "#2d323e",
        Accent = "#7fb0ff",
        Control = "#8a92a3",
        Caution = "#ffc078",
        CautionSurface = "#2c2113",
        HeatLow = "#171a21",
        HeatHigh = "#27478f",
        Series = ["#1a7def", "#fa9a38", "#51f4c3", "#b6478f", "#84790e", "#d69cfa"],
    };

    /// <summary>Steps of the heat scale of tables.</summary>
    public const int HeatSteps = 11;

    /// <summary>Behind everything.</summary>
    public required string Page { get; init; }

    /// <summary>Behind text and charts.</summary>
    public required string Surface { get; init; }

    /// <summary>Text.</summary>
    public required string Ink { get; init; }

    /// <summary>Text of lesser weight.</summary>
    public required string Muted { get; init; }

    /// <summary>Lines that carry no data.</summary>
    public required string Grid { get; init; }

    /// <summary>The method's own networks, links and emphasis.</summary>
    public required string Accent { get; init; }

    /// <summary>Controls.</summary>
    public required string Control { get; init; }

    /// <summary>Text of warnings.</summary>
    public required string Caution { get; init; }

    /// <summary>Behind warnings.</summary>
    public required string CautionSurface { get; init; }

    /// <summary>Cell of the lowest value in a heat table.</summary>
    public required string HeatLow { get; init; }

    /// <summary>Cell of the highest value in a heat table.</summary>
    public required string HeatHigh { get; init; }

    /// <summary>Series and groups, in the order in which they are given out.</summary>
    public required IReadOnlyList<string> Series { get; init; }

    /// <summary>Cell colour of a step of the heat scale.</summary>
    /// <param name="step">0..<see cref="HeatSteps"/> - 1.</param>
    /// <returns>The colour between <see cref="HeatLow"/> and <see cref="HeatHigh"/>.</returns>
    public string Heat(int step)
    {
        var low = Convert.FromHexString(HeatLow.AsSpan(1));
        var high = Convert.FromHexString(HeatHigh.AsSpan(1));
        var share = (double)step / (HeatSteps - 1);
        byte[] mixed = [.. low.Zip(high, (a, b) => (byte)Math.Round(a + ((b - a) * share)))];
        return "#" + Convert.ToHexStringLower(mixed);
    }
}

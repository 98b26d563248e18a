using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Tests.Html;

public sealed class ThemeTests
{
    // Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB: protanopia, deuteranopia, tritanopia.
    private static readonly double[][] Deficiencies =
    [
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ];

    public static TheoryData<bool> Modes => new(true, false);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Text_has_a_contrast_of_at_least_4_5(bool dark)
    {
        var theme = dark ? Theme.Dark : Theme.Light;
        Assert.All(
            new[] { theme.Page, theme.Surface }, behind =>
            {
                Assert.True(Contrast(theme.Ink, behind) >= 4.5);
                Assert.True(Contrast(theme.Muted, behind) >= 4.5);
            });
        Assert.True(Contrast(theme.Ink, theme.CautionSurface) >= 4.5);
        Assert.All(Enumerable.Range(0, Theme.HeatSteps), step => Assert.True(Contrast(theme.Ink, theme.Heat(step)) >= 4.5));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Marks_have_a_contrast_of_at_least_3(bool dark)
    {
        var theme = dark ? Theme.Dark : Theme.Light;
        Assert.All(
            theme.Series.Concat([theme.Accent, theme.Control, theme.Caution]),
            colour => Assert.True(Contrast(colour, theme.Surface) >= 3, colour));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Series_are_told_apart_without_full_colour_vision(bool dark)
    {
        var series = (dark ? Theme.Dark : Theme.Light).Series;
        Assert.Equal(Series.Count, series.Count);
        foreach (var matrix in Deficiencies)
        {
            for (var i = 0; i < series.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    Assert.True(Distance(series[i], series[j], matrix) > 0.1, $"{series[i]} and {series[j]}");
                }
            }
        }
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var rgb = Linear(colour);
        return (0.2126 * rgb[0]) + (0.7152 * rgb[1]) + (0.0722 * rgb[2]);
    }

    private static double[] Linear(string colour) =>
        [.. Convert.FromHexString(colour.AsSpan(1)).Select(v => v / 255.0 <= 0.04045 ? v / 255.0 / 12.92 : Math.Pow(((v / 255.0) + 0.055) / 1.055, 2.4))];

    // Euclidean distance in Oklab (Ottosson, 2020) of the colours as seen.
    private static double Distance(string one, string other, double[] matrix)
    {
        var (a, b) = (Oklab(Linear(one), matrix), Oklab(Linear(other), matrix));
        return Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
    }

    private static double[] Oklab(double[] rgb, double[] matrix)
    {
        double[] seen = [.. Enumerable.Range(0, 3).Select(r => Math.Max(0, Enumerable.Range(0, 3).Sum(c => matrix[(3 * r) + c] * rgb[c])))];
        var l = Math.Cbrt((0.4122214708 * seen[0]) + (0.5363325363 * seen[1]) + (0.0514459929 * seen[2]));
        var m = Math.Cbrt((0.2119034982 * seen[0]) + (0.6806995451 * seen[1]) + (0.1073969566 * seen[2]));
        var s = Math.Cbrt((0.0883024619 * seen[0]) + (0.2817188376 * seen[1]) + (0.6299787005 * seen[2]));
        return
        [
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s),
        ];
    }
}

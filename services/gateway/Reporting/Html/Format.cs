using System.Globalization;

namespace IntraDA.Gateway.Reporting.Html;

/// <summary>How the report writes numbers: the same in every country.</summary>
public static class Format
{
    /// <summary>A share as a percentage with one decimal, e.g. "44.1%".</summary>
    /// <param name="share">0..1.</param>
    /// <returns>The text; "n/a" for null or NaN.</returns>
    public static string Percent(double? share) => Number(share * 100, "0.0", "%");

    /// <summary>A percentage that is one already.</summary>
    /// <param name="percent">0..100.</param>
    /// <returns>The text with one decimal, e.g. "44.1"; "n/a" for null or NaN.</returns>
    public static string Points(double? percent) => Number(percent, "0.0", "");

    /// <summary>A difference of percentages, with its sign.</summary>
    /// <param name="points">Percentage points.</param>
    /// <returns>The text, e.g. "+8.3" or "−1.7" with a true minus; "n/a" for null or NaN.</returns>
    public static string Gain(double? points) => Number(points, "+0.0;\u22120.0;0.0", "");

    /// <summary>A statistic with two decimals.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>The text with a true minus; "n/a" for null or NaN.</returns>
    public static string Statistic(double? value) => Number(value, "0.00;\u22120.00;0.00", "");

    /// <summary>A value with as many decimals as three significant digits need.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>The text; "n/a" for null or NaN.</returns>
    public static string Compact(double? value)
    {
        if (value is not { } v || !double.IsFinite(v))
        {
            return "n/a";
        }

        var magnitude = v == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(v)));
        return magnitude is < -5 or > 6
            ? v.ToString("0.##E+0", CultureInfo.InvariantCulture)
            : v.ToString("0." + new string('#', Math.Clamp(2 - magnitude, 0, 8)), CultureInfo.InvariantCulture)
                .Replace('-', '\u2212');
    }

    /// <summary>A whole number with thin spaces between thousands.</summary>
    /// <param name="count">Any count.</param>
    /// <returns>The text.</returns>
    public static string Count(long count) =>
        count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');

    /// <summary>A duration for people.</summary>
    /// <param name="seconds">Seconds, at least 0; null where unknown.</param>
    /// <returns>The text, e.g. "3.2 s", "4 min 10 s", "2 h 5 min".</returns>
    public static string Duration(double? seconds) => seconds switch
    {
        null => "n/a",
        < 60 => seconds.Value.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 3600 => FormattableString.Invariant($"{(int)seconds / 60} min {(int)seconds % 60} s"),
        _ => FormattableString.Invariant($"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min"),
    };

    /// <summary>A length in bytes for people.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <returns>The text, e.g. "2.4 MB".</returns>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => FormattableString.Invariant($"{bytes} B"),
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0.#} kB"),
        _ => FormattableString.Invariant($"{bytes / 1e6:0.#} MB"),
    };

    /// <summary>A coordinate or length of an SVG.</summary>
    /// <param name="value">Finite value.</param>
    /// <returns>The shortest text with at most two decimals.</returns>
    public static string Svg(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Number(double? value, string format, string unit) =>
        value is { } v && double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) + unit : "n/a";
}

using System.Globalization;

namespace IntraDA.Cli.Output;

/// <summary>Durations for people.</summary>
internal static class DurationText
{
    /// <summary>Writes a duration with the two units that matter.</summary>
    /// <param name="duration">At least zero.</param>
    /// <returns>E.g. <c>0.4 s</c>, <c>37 s</c>, <c>4 min 05 s</c>, <c>2 h 10 min</c>.</returns>
    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s"),
        { TotalSeconds: < 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} min {duration.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours} h {duration.Minutes:00} min"),
    };
}

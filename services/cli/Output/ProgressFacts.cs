using System.Globalization;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Cli.Output;

/// <summary>How far a piece of work is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0: not known.</param>
/// <param name="Unit">Singular name of a unit.</param>
/// <param name="Rate">Units per second; 0: not known.</param>
/// <param name="SecondsLeft">Estimate; negative: not known.</param>
internal sealed record ProgressFacts(string Activity, long Done, long Total, string Unit, double Rate, double SecondsLeft)
{
    /// <summary>Reads the contract's message.</summary>
    /// <param name="progress">As a service sent it.</param>
    /// <returns>The facts.</returns>
    public static ProgressFacts From(Progress progress) =>
        new(progress.Activity, progress.Done, progress.Total, progress.Unit, progress.Rate, progress.SecondsLeft);

    /// <summary>The rate for people: units a second, or seconds a unit where that is the larger number; empty if not known.</summary>
    public string RateText => Rate switch
    {
        > 0 and < 1 => string.Create(CultureInfo.InvariantCulture, $"{1 / Rate:0.0} s/{Unit}"),
        > 0 => string.Create(CultureInfo.InvariantCulture, $"{Rate:0.0} {Unit}s/s"),
        _ => "",
    };

    /// <summary>The time left for people; empty if not known.</summary>
    public string LeftText => SecondsLeft >= 0 && Done < Total ? DurationText.Of(TimeSpan.FromSeconds(SecondsLeft)) + " left" : "";

    /// <summary>All in one line.</summary>
    public string Line
    {
        get
        {
            var count = Total > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{Done}/{Total} {Unit}s")
                : string.Create(CultureInfo.InvariantCulture, $"{Done} {Unit}s");
            return string.Join("  ", new[] { Activity, count, RateText, LeftText }.Where(part => part.Length > 0));
        }
    }
}

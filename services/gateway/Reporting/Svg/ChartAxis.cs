namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>An axis of a chart.</summary>
/// <param name="Title">What it measures, with its unit.</param>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
public sealed record ChartAxis(string Title, double Low, double High)
{
    /// <summary>Whether the axis ends at the data's own ends rather than at round values around them.</summary>
    public bool Exact { get; init; }

    /// <summary>Writes a tick's value.</summary>
    public Func<double, string> Label { get; init; } = value => Html.Format.Compact(value);
}

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>A line of a chart.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Series">Index of its style.</param>
/// <param name="Points">Where it goes; a point that is not finite breaks it.</param>
public sealed record LineSeries(string Label, int Series, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Unsmoothed values, drawn faintly behind the line; empty for none.</summary>
    public IReadOnlyList<(double X, double Y)> Raw { get; init; } = [];

    /// <summary>Whether the line is broken: references rather than results.</summary>
    public bool Dashed { get; init; }
}

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>A line of a legend.</summary>
/// <param name="Label">Text.</param>
/// <param name="Series">Index of the style.</param>
/// <param name="Mark">What stands before the text.</param>
public sealed record LegendEntry(string Label, int Series, LegendMark Mark);

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>The words of a chart.</summary>
/// <param name="Title">Title, shown above the chart.</param>
/// <param name="Explanation">What to read from it, shown under the title; empty for none.</param>
/// <param name="Alternative">The chart in one sentence, for those who cannot see it.</param>
public sealed record ChartText(string Title, string Explanation, string Alternative);

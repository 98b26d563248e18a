namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>A group of a stacked histogram.</summary>
/// <param name="Key">Its key in the histogram.</param>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Series">Index of its style.</param>
public sealed record HistogramGroup(string Key, string Label, int Series);

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>A bar of a bar chart.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its length, at least 0; null draws no bar.</param>
/// <param name="Text">Its value in words.</param>
/// <param name="Style">Class of the style sheet that colours it.</param>
public sealed record BarItem(string Label, double? Value, string Text, string Style);

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>A point of a scatter chart.</summary>
/// <param name="X">Horizontal value.</param>
/// <param name="Y">Vertical value.</param>
/// <param name="Group">Index of its group.</param>
/// <param name="Label">Shown when pointed at.</param>
public sealed record ScatterPoint(double X, double Y, int Group, string Label);

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Bars that belong together, under a heading.</summary>
/// <param name="Heading">Heading; empty for none.</param>
/// <param name="Items">The bars, from the top.</param>
public sealed record BarGroup(string Heading, IReadOnlyList<BarItem> Items);

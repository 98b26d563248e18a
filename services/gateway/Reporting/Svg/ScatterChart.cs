using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Points over two axes, with a colour and a symbol a group.</summary>
public static class ScatterChart
{
    /// <summary>Draws a chart.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="text">Its words.</param>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="groups">Names of the groups, of which the legend shows those that have points; none where there is but one.</param>
    /// <param name="points">The points; those that are not finite are left out.</param>
    public static void Render(
        HtmlWriter html, ChartText text, ChartAxis x, ChartAxis y, IReadOnlyList<string> groups, IReadOnlyList<ScatterPoint> points)
    {
        ScatterPoint[] drawn = [.. points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
        LegendEntry[] legend = groups.Count > 1
            ? [.. groups.Select((name, i) => new LegendEntry(name, i, LegendMark.Symbol)).Where(e => drawn.Any(p => p.Group == e.Series))]
            : [];
        ChartFrame.Render(html, text, x, y, legend, (across, up) =>
        {
            foreach (var point in drawn)
            {
                using var mark = html.Open(
                    "path", ("class", $"mark point {Series.Class(point.Group)}"), ("d", Series.Symbol(point.Group)),
                    ("transform", $"translate({Format.Svg(across.Map(point.X))},{Format.Svg(up.Map(point.Y))})"));
                html.Element("title", point.Label);
            }
        });
    }
}

using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Statistics;

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>A histogram whose bars are stacked by group, with a line where the values are cut.</summary>
public static class HistogramChart
{
    /// <summary>Draws a chart.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="text">Its words.</param>
    /// <param name="xTitle">Title of the horizontal axis.</param>
    /// <param name="yTitle">Title of the vertical axis.</param>
    /// <param name="histogram">The counts.</param>
    /// <param name="groups">Groups from the bottom of the stack to its top.</param>
    /// <param name="cut">Where the line stands, and its labels to the left and right; null for none.</param>
    public static void Render(
        HtmlWriter html, ChartText text, string xTitle, string yTitle, Histogram histogram, IReadOnlyList<HistogramGroup> groups,
        (double At, string Left, string Right)? cut)
    {
        var bins = histogram.Edges.Count - 1;
        var highest = Enumerable.Range(0, bins).Max(b => histogram.Counts.Values.Sum(c => c[b]));
        LegendEntry[] legend = groups.Count > 1
            ? [.. groups.Select(g => new LegendEntry(g.Label, g.Series, LegendMark.Square))]
            : [];
        // Room above the highest bar for the labels of the cut.
        var top = cut is null ? highest : highest * 1.12;
        var x = new ChartAxis(xTitle, histogram.Edges[0], histogram.Edges[^1]) { Exact = true };
        ChartFrame.Render(html, text, x, new ChartAxis(yTitle, 0, Math.Max(top, 1)) { Label = Whole }, legend, (across, up) =>
        {
            for (var bin = 0; bin < bins; bin++)
            {
                DrawStack(html, histogram, groups, bin, across, up);
            }

            if (cut is { } line)
            {
                DrawCut(html, line, across, up);
            }
        });
    }

    private static string Whole(double value) => value % 1 == 0 ? Format.Count((long)value) : "";

    private static void DrawStack(
        HtmlWriter html, Histogram histogram, IReadOnlyList<HistogramGroup> groups, int bin, LinearScale across, LinearScale up)
    {
        var left = across.Map(histogram.Edges[bin]);
        var right = across.Map(histogram.Edges[bin + 1]);
        var below = 0;
        foreach (var group in groups)
        {
            var count = histogram.Counts.TryGetValue(group.Key, out var row) ? row[bin] : 0;
            if (count == 0)
            {
                continue;
            }

            var y = up.Map(below + count);
            using (html.Open(
                "rect", ("class", $"bar {Series.Class(group.Series)}"), ("x", Format.Svg(left + 0.6)), ("y", Format.Svg(y)),
                ("width", Format.Svg(Math.Max(right - left - 1.2, 0.5))), ("height", Format.Svg(up.Map(below) - y))))
            {
                html.Element(
                    "title",
                    $"{group.Label}: {count} from {Format.Compact(histogram.Edges[bin])} to {Format.Compact(histogram.Edges[bin + 1])}");
            }

            below += count;
        }
    }

    private static void DrawCut(HtmlWriter html, (double At, string Left, string Right) cut, LinearScale across, LinearScale up)
    {
        var at = across.Map(cut.At);
        var top = up.Map(up.High);
        html.Void("path", ("class", "cut"), ("d", $"M{Format.Svg(at)},{Format.Svg(up.Map(up.Low))}V{Format.Svg(top)}"));
        html.Element(
            "text", cut.Left, ("class", "note"), ("x", Format.Svg(at - 6)), ("y", Format.Svg(top + 10)), ("text-anchor", "end"));
        html.Element("text", cut.Right, ("class", "note"), ("x", Format.Svg(at + 6)), ("y", Format.Svg(top + 10)));
    }
}

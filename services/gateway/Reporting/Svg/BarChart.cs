using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Horizontal bars in groups. Widths are percentages, so that text keeps its size however wide the page is.</summary>
public static class BarChart
{
    private const double BarHeight = 18;
    private const double RowHeight = 46;
    private const double HeadingHeight = 30;

    // What is left to the right of the longest bar holds its value.
    private const double LongestPercent = 84;

    /// <summary>Draws a chart; every bar starts at 0.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="text">Its words.</param>
    /// <param name="groups">Groups from the top.</param>
    /// <param name="high">Value of the longest possible bar, over 0.</param>
    /// <param name="reference">Where a line stands that values are to be compared with; null for none.</param>
    public static void Render(
        HtmlWriter html, ChartText text, IReadOnlyList<BarGroup> groups, double high, double? reference = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(high);
        var height = groups.Sum(g => (g.Items.Count * RowHeight) + (g.Heading.Length > 0 ? HeadingHeight : 0)) + 4;
        using var figure = html.Open("figure", ("class", "chart bars"));
        ChartFrame.RenderCaption(html, text);
        using var svg = html.Open(
            "svg", ("width", "100%"), ("height", Format.Svg(height)), ("role", "img"), ("aria-label", text.Alternative));
        double y = 0;
        foreach (var group in groups)
        {
            if (group.Heading.Length > 0)
            {
                html.Element("text", group.Heading, ("class", "heading"), ("x", "0"), ("y", Format.Svg(y + 17)));
                y += HeadingHeight;
            }

            foreach (var item in group.Items)
            {
                DrawBar(html, item, y, high);
                y += RowHeight;
            }
        }

        if (reference is { } value)
        {
            var at = Format.Svg(Math.Clamp(value / high, 0, 1) * LongestPercent) + "%";
            html.Void("line", ("class", "cut"), ("x1", at), ("x2", at), ("y1", "14"), ("y2", Format.Svg(height - 4)));
        }
    }

    private static void DrawBar(HtmlWriter html, BarItem item, double y, double high)
    {
        html.Element("text", item.Label, ("x", "0"), ("y", Format.Svg(y + 13)));
        var share = item.Value is { } value && double.IsFinite(value) ? Math.Clamp(value / high, 0, 1) * LongestPercent : 0;
        if (share > 0)
        {
            html.Void(
                "rect", ("class", $"bar {item.Style}"), ("x", "0"), ("y", Format.Svg(y + 19)), ("width", Format.Svg(share) + "%"),
                ("height", Format.Svg(BarHeight)), ("rx", "2"));
        }

        html.Element(
            "text", item.Text, ("class", share > 0 ? "value" : "value absent"), ("x", Format.Svg(share) + "%"),
            ("dx", share > 0 ? "7" : "0"), ("y", Format.Svg(y + 19 + 14)));
    }
}

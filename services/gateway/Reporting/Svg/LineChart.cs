using System.Text;
using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Lines over two axes.</summary>
public static class LineChart
{
    /// <summary>Draws a chart.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="text">Its words.</param>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="lines">The lines.</param>
    public static void Render(HtmlWriter html, ChartText text, ChartAxis x, ChartAxis y, IReadOnlyList<LineSeries> lines)
    {
        LegendEntry[] legend = [.. lines.Select(
            l => new LegendEntry(l.Label, l.Series, l.Dashed ? LegendMark.DashedLine : LegendMark.Line))];
        ChartFrame.Render(html, text, x, y, legend, (across, up) =>
        {
            foreach (var line in lines.Where(l => l.Raw.Count > 0))
            {
                Draw(html, "line raw", line.Series, line.Raw, across, up);
            }

            foreach (var line in lines)
            {
                Draw(html, line.Dashed ? "line dashed" : "line", line.Series, line.Points, across, up);
            }
        });
    }

    private static void Draw(
        HtmlWriter html, string style, int series, IReadOnlyList<(double X, double Y)> points, LinearScale across, LinearScale up)
    {
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var (px, py) in points)
        {
            if (!double.IsFinite(px) || !double.IsFinite(py))
            {
                pen = 'M';
                continue;
            }

            path.Append(pen).Append(Format.Svg(across.Map(px))).Append(',').Append(Format.Svg(up.Map(py)));
            pen = 'L';
        }

        if (path.Length > 0)
        {
            html.Void("path", ("class", $"{style} {Series.Class(series)}"), ("d", path.ToString()));
        }
    }
}

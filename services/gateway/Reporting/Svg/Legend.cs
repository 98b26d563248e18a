using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>Draws a legend as a list, so that it wraps where the chart is narrow.</summary>
public static class Legend
{
    /// <summary>Draws a legend; nothing for no entries.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="entries">Its lines.</param>
    public static void Render(HtmlWriter html, IReadOnlyList<LegendEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        using var list = html.Open("ul", ("class", "legend"));
        foreach (var entry in entries)
        {
            using var item = html.Open("li");
            using (html.Open(
                "svg", ("class", Series.Class(entry.Series)), ("width", "18"), ("height", "12"), ("viewBox", "-9 -6 18 12"),
                ("aria-hidden", "true")))
            {
                DrawMark(html, entry);
            }

            html.Text(entry.Label);
        }
    }

    private static void DrawMark(HtmlWriter html, LegendEntry entry)
    {
        switch (entry.Mark)
        {
            case LegendMark.Square:
                html.Void("rect", ("class", "mark"), ("x", "-6"), ("y", "-5"), ("width", "11"), ("height", "11"), ("rx", "2"));
                break;
            case LegendMark.Symbol:
                html.Void("path", ("class", "mark"), ("d", Series.Symbol(entry.Series)));
                break;
            default:
                html.Void(
                    "path", ("class", entry.Mark == LegendMark.DashedLine ? "line dashed" : "line"), ("d", "M-8,0H8"));
                break;
        }
    }
}

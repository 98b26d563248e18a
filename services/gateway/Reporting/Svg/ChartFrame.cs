using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Svg;

/// <summary>What charts with two axes have in common: figure, title, legend, grid, axes.</summary>
public static class ChartFrame
{
    private const double Width = 440;
    private const double Height = 272;
    private const double Left = 54;
    private const double Right = 14;
    private const double Top = 14;
    private const double Bottom = 46;

    /// <summary>Draws a chart.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="text">Its words.</param>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="legend">Its legend; empty for none.</param>
    /// <param name="draw">Draws the marks, given the horizontal and the vertical scale.</param>
    public static void Render(
        HtmlWriter html, ChartText text, ChartAxis x, ChartAxis y, IReadOnlyList<LegendEntry> legend,
        Action<LinearScale, LinearScale> draw)
    {
        var across = Scale(x, Left, Width - Right, 6);
        var up = Scale(y, Height - Bottom, Top, 5);
        using var figure = html.Open("figure", ("class", "chart"));
        RenderCaption(html, text);
        Legend.Render(html, legend);
        using var svg = html.Open(
            "svg", ("viewBox", $"0 0 {Format.Svg(Width)} {Format.Svg(Height)}"), ("role", "img"), ("aria-label", text.Alternative));
        foreach (var tick in up.Ticks)
        {
            var at = Format.Svg(up.Map(tick));
            html.Void("path", ("class", "grid"), ("d", $"M{Format.Svg(Left)},{at}H{Format.Svg(Width - Right)}"));
            html.Element(
                "text", y.Label(tick), ("x", Format.Svg(Left - 7)), ("y", at), ("dy", "4"), ("text-anchor", "end"));
        }

        foreach (var tick in across.Ticks)
        {
            var at = Format.Svg(across.Map(tick));
            html.Void("path", ("class", "axis"), ("d", $"M{at},{Format.Svg(Height - Bottom)}v4"));
            html.Element("text", x.Label(tick), ("x", at), ("y", Format.Svg(Height - Bottom + 18)), ("text-anchor", "middle"));
        }

        draw(across, up);
        html.Void("path", ("class", "axis"), ("d", $"M{Format.Svg(Left)},{Format.Svg(Height - Bottom)}H{Format.Svg(Width - Right)}"));
        html.Element(
            "text", x.Title, ("class", "title"), ("x", Format.Svg((Left + Width - Right) / 2)), ("y", Format.Svg(Height - 8)),
            ("text-anchor", "middle"));
        html.Element(
            "text", y.Title, ("class", "title"), ("text-anchor", "middle"),
            ("transform", $"translate(13,{Format.Svg((Top + Height - Bottom) / 2)}) rotate(-90)"));
    }

    /// <summary>Writes a figure's title and explanation.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="text">The words.</param>
    public static void RenderCaption(HtmlWriter html, ChartText text)
    {
        using var caption = html.Open("figcaption");
        html.Element("strong", text.Title);
        if (text.Explanation.Length > 0)
        {
            html.Element("span", text.Explanation);
        }
    }

    private static LinearScale Scale(ChartAxis axis, double from, double to, int ticks) => axis.Exact
        ? LinearScale.Exact(axis.Low, axis.High, from, to, ticks)
        : LinearScale.Round(axis.Low, axis.High, from, to, ticks);
}

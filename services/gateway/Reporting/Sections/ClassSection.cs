using System.Globalization;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>IoU per class and network.</summary>
public static class ClassSection
{
    /// <summary>Draws the section; nothing where nothing was evaluated.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    public static void Render(HtmlWriter html, ReportData data)
    {
        if (!data.Evaluation.Any)
        {
            return;
        }

        NetworkResult[] columns = [.. data.Evaluation.Evaluated];
        using var section = html.Open("section", ("id", "classes"));
        html.Element("h2", "Per class");
        html.Element(
            "p", "IoU in percent, the stronger the shade the higher. A dash: the class occurs neither in the truth nor in the prediction.",
            ("class", "lead"));
        using var scroll = html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "IoU per class"));
        using var table = html.Open("table", ("class", "pinned"));
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            html.Element("th", "Class", ("scope", "col"));
            for (var i = 0; i < columns.Length; i++)
            {
                html.Element("th", columns[i].Network.ShortLabel, ("scope", "col"), ("class", Border(columns, i)));
            }
        }

        using var body = html.Open("tbody");
        for (var id = 0; id < data.Evaluation.ClassNames.Count; id++)
        {
            ClassRow(html, data, columns, id);
        }

        Total(html, columns, "Mean", column => column.Miou);
        if (columns.Any(column => column.Miou13 is not null))
        {
            Total(html, columns, "Mean of 13 (mIoU*)", column => column.Miou13);
        }
    }

    /// <summary>Draws a class's colour.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="classes">Gives the colours.</param>
    /// <param name="id">Train id.</param>
    internal static void Swatch(HtmlWriter html, ClassList classes, int id)
    {
        if ((id * 3) + 2 < classes.Palette.Length)
        {
            var colour = "#" + Convert.ToHexStringLower(classes.Palette, id * 3, 3);
            html.Element("span", "", ("class", "sw"), ("style", $"background:{colour}"));
        }
    }

    private static void Total(HtmlWriter html, NetworkResult[] columns, string name, Func<NetworkResult, double?> mean)
    {
        using var total = html.Open("tr", ("class", "total"));
        html.Element("th", name, ("scope", "row"));
        for (var i = 0; i < columns.Length; i++)
        {
            html.Element("td", Format.Points(mean(columns[i])), ("class", Border(columns, i)));
        }
    }

    private static void ClassRow(HtmlWriter html, ReportData data, NetworkResult[] columns, int id)
    {
        using var row = html.Open("tr");
        using (html.Open("th", ("scope", "row")))
        {
            Swatch(html, (data.Request.Validation ?? data.Request.Target).Classes, id);
            html.Text(data.Evaluation.ClassNames[id]);
        }

        for (var i = 0; i < columns.Length; i++)
        {
            var iou = id < columns[i].ClassIou.Count ? columns[i].ClassIou[id] : null;
            var heat = iou is { } value
                ? "h" + Math.Clamp((int)Math.Round(value / 100 * (Theme.HeatSteps - 1)), 0, Theme.HeatSteps - 1)
                    .ToString(CultureInfo.InvariantCulture)
                : null;
            string[] classes = [.. new[] { heat, Border(columns, i) }.OfType<string>()];
            html.Element(
                "td", iou is null ? "\u2013" : Format.Points(iou), ("class", classes.Length > 0 ? string.Join(' ', classes) : null));
        }
    }

    // The first control is set off from the method's own columns.
    private static string? Border(NetworkResult[] columns, int index) =>
        index > 0 && columns[index].Network.IsControl && !columns[index - 1].Network.IsControl ? "first-control" : null;
}

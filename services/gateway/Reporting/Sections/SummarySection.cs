using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>The verdict, the networks side by side, and what to keep in mind.</summary>
public static class SummarySection
{
    /// <summary>Draws the section.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    public static void Render(HtmlWriter html, ReportData data)
    {
        using var section = html.Open("section", ("id", "summary"));
        html.Element("h2", "Summary");
        using (html.Open("ul", ("class", "verdict")))
        {
            foreach (var sentence in data.Verdict)
            {
                html.Element("li", sentence);
            }
        }

        Tiles(html, data);
        using (html.Open("div", ("class", data.Evaluation.Any ? "split" : null)))
        {
            if (data.Evaluation.Any)
            {
                Bars(html, data.Evaluation);
            }

            Cautions(html, [.. data.Notes.Where(n => n.IsCaution)]);
        }

        Remarks(html, [.. data.Notes.Where(n => !n.IsCaution)]);
    }

    private static void Cautions(HtmlWriter html, Note[] notes)
    {
        if (notes.Length == 0)
        {
            return;
        }

        using var block = html.Open("div");
        html.Element("h3", "Before you rely on this", ("style", "margin-top:0"));
        using var list = html.Open("ul", ("class", "notes"));
        foreach (var note in notes)
        {
            html.Element("li", note.Text, ("class", "caution"));
        }
    }

    private static void Remarks(HtmlWriter html, Note[] notes)
    {
        if (notes.Length == 0)
        {
            return;
        }

        using var list = html.Open("ul", ("class", "notes columns"));
        foreach (var note in notes)
        {
            html.Element("li", note.Text);
        }
    }

    private static void Tiles(HtmlWriter html, ReportData data)
    {
        var results = data.Evaluation;
        (string Label, string Value, string Unit)[] tiles =
        [
            Gain("Inter against source only trained as long", results.Gain(Network.Inter, Network.SourceContinued)),
            Gain("Intra against inter trained as long", results.Gain(Network.Intra, Network.InterContinued)),
            ("Ranking: AUC for the hidden difficulty", Format.Statistic(data.Ranking.AucDifficulty), ""),
            ("Ranking: rank correlation of score and error", Format.Statistic(data.Ranking.SpearmanError), ""),
            ("Time", Format.Duration(data.Seconds), ""),
        ];
        using var list = html.Open("dl", ("class", "tiles"));
        foreach (var (label, value, unit) in tiles.Where(t => t.Value != "n/a"))
        {
            using var tile = html.Open("div", ("class", "tile"));
            html.Element("dt", label);
            using var figure = html.Open("dd");
            html.Text(value);
            if (unit.Length > 0)
            {
                html.Element("small", unit);
            }
        }
    }

    private static (string Label, string Value, string Unit) Gain(string label, double? gain) =>
        (label, Format.Gain(gain), "points");

    private static void Bars(HtmlWriter html, EvaluationResults results)
    {
        var best = results.Evaluated.Max(r => r.Miou ?? 0);
        var text = new ChartText(
            "Mean IoU on the validation set",
            $"Percent, {Format.Count(results.Images)} images. A gain counts only against the control that trained as long.",
            "Mean IoU in percent: "
                + string.Join(", ", results.Evaluated.Select(r => $"{r.Network.Label} {Format.Points(r.Miou)}")) + ".");
        BarGroup[] groups =
        [
            new("The method", [.. Items(results, controls: false)]),
            new("Controls", [.. Items(results, controls: true)]),
        ];
        BarChart.Render(html, text, groups, Math.Max(best, 1e-3));
    }

    private static IEnumerable<BarItem> Items(EvaluationResults results, bool controls) =>
        Network.All.Where(n => n.IsControl == controls).Select(n => new BarItem(
            n.Label,
            results[n].Miou,
            results[n].Miou is null ? "not run" : Format.Points(results[n].Miou),
            controls ? "control" : "own"));
}

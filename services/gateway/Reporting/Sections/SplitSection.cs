using IntraDA.Contracts.Ranker.V1;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Statistics;
using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>Where the target was cut into easy and hard, what the parts hold in truth, and what the pseudo-labels cover.</summary>
public static class SplitSection
{
    private const int Bins = 30;

    /// <summary>Draws the section; nothing where the target was not scored.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    public static void Render(HtmlWriter html, ReportData data)
    {
        var ranking = data.Ranking;
        if (ranking.Target.Count == 0)
        {
            return;
        }

        using var section = html.Open("section", ("id", "split"));
        html.Element("h2", "Easy and hard");
        html.Element("p", Lead(ranking), ("class", "lead"));
        using (html.Open("div", ("class", "split")))
        {
            Scores(html, ranking);
            Conditions(html, ranking);
        }

        if (data.Request.PseudoLabels is { EasyDataset: not null } report)
        {
            PseudoLabels(html, data, report);
        }
    }

    private static string Lead(RankingResults ranking)
    {
        if (ranking is not { Easy: { } easy, Hard: { } hard })
        {
            return $"{Format.Count(ranking.Target.Count)} target images were scored; they were not split.";
        }

        var rule = ranking.Lambda is { } lambda ? $" (lambda {Format.Compact(lambda)})" : "";
        return $"Of {Format.Count(ranking.Target.Count)} target images the {Format.Count(easy)} with the lowest entropy scores are called "
            + $"easy{rule}, the other {Format.Count(hard)} hard.";
    }

    private static void Scores(HtmlWriter html, RankingResults ranking)
    {
        var groups = ConditionGroups.Of(ranking, []);
        var histogram = Histogram.Compute(
            [.. ranking.Target.Select(i => (i.Score, groups.NameOf(i)))], Math.Clamp(ranking.Target.Count / 4, 6, Bins));
        if (histogram is null)
        {
            return;
        }

        var explanation = ranking.Conditions.Count > 0
            ? "Coloured by the condition that the ranking was not told."
            : "Higher: the network is less certain.";
        HistogramChart.Render(
            html,
            new ChartText(
                "Scores of the target",
                explanation,
                $"Histogram of {ranking.Target.Count} scores from {Format.Compact(histogram.Edges[0])} to "
                    + $"{Format.Compact(histogram.Edges[^1])}, cut at {Format.Compact(ranking.Threshold)}."),
            "entropy score", "images", histogram,
            [.. groups.Names.Select((name, i) => new HistogramGroup(name, name, i))],
            Cut(ranking));
    }

    private static (double At, string Left, string Right)? Cut(RankingResults ranking)
    {
        if (ranking.Threshold is not { } last || ranking.Hard is null or 0)
        {
            return null;
        }

        // Between the last easy and the first hard image, so that the line belongs to neither.
        var first = ranking.Target.Where(i => i.Easy == false).Min(i => i.Score);
        return ((last + first) / 2, "easy", "hard");
    }

    private static void Conditions(HtmlWriter html, RankingResults ranking)
    {
        using var block = html.Open("div");
        if (ranking.Conditions.Count == 0)
        {
            html.Element("p", "The conditions of these images are not known, so what the parts hold in truth cannot be told.");
            return;
        }

        var overall = ranking is { Hard: { } hard } ? (double)hard / ranking.Target.Count : (double?)null;
        html.Element("h3", "What landed in the hard split", ("style", "margin-top:0"));
        if (overall is not null)
        {
            html.Element(
                "p", $"A ranking that knew nothing would put {Format.Percent(overall)} of every condition there.", ("class", "lead"));
        }

        using var scroll = html.Open("div", ("class", "scroll"));
        using var table = html.Open("table");
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            html.Element("th", "Condition", ("scope", "col"));
            html.Element("th", "Images", ("scope", "col"));
            html.Element("th", "In hard split", ("scope", "col"));
            html.Element("th", "Share", ("scope", "col"));
        }

        using var body = html.Open("tbody");
        foreach (var condition in ranking.Conditions)
        {
            using var row = html.Open("tr");
            html.Element("th", condition.Condition, ("scope", "row"));
            html.Element("td", Format.Count(condition.Images));
            html.Element("td", condition.InHardSplit is { } inHard ? Format.Count(inHard) : "n/a");
            Share(html, condition.HardShare);
        }
    }

    private static void PseudoLabels(HtmlWriter html, ReportData data, PseudoLabelReport report)
    {
        var classes = data.Request.Target.Classes;
        var total = Math.Max(1, report.ClassPixels.Sum());
        using var details = html.Open("details");
        html.Element("summary", $"Pseudo-labels: {Format.Percent(report.LabelledShare)} of the easy images' pixels");
        using var scroll = html.Open("div", ("class", "scroll"));
        using var table = html.Open("table");
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            html.Element("th", "Class", ("scope", "col"));
            html.Element("th", "Pixels", ("scope", "col"));
            html.Element("th", "Share", ("scope", "col"));
            html.Element("th", "Least confidence", ("scope", "col"));
        }

        using var body = html.Open("tbody");
        for (var id = 0; id < Math.Min(classes.Names.Count, report.ClassPixels.Count); id++)
        {
            using var row = html.Open("tr");
            using (html.Open("th", ("scope", "row")))
            {
                ClassSection.Swatch(html, classes, id);
                html.Text(classes.Names[id]);
            }

            html.Element("td", Format.Count(report.ClassPixels[id]));
            Share(html, (double)report.ClassPixels[id] / total);
            html.Element("td", id < report.Thresholds.Count ? Format.Statistic(report.Thresholds[id]) : "n/a");
        }
    }

    private static void Share(HtmlWriter html, double? share)
    {
        using var cell = html.Open("td", ("class", "shares"));
        using (html.Open("svg", ("class", "share"), ("aria-hidden", "true")))
        {
            html.Void("rect", ("height", "10"), ("width", Format.Svg(Math.Clamp(share ?? 0, 0, 1) * 100) + "%"));
        }

        html.Element("b", Format.Percent(share));
    }
}

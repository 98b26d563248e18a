using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Statistics;
using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>How far the ranking can be trusted: scores against errors, risk over coverage, AUC of the hidden conditions.</summary>
public static class TrustSection
{
    /// <summary>Draws the section; nothing where there is nothing to judge the ranking by.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    public static void Render(HtmlWriter html, ReportData data)
    {
        var ranking = data.Ranking;
        if (ranking.RiskCoverage is null && ranking.AucDifficulty is null && !ranking.Conditions.Any(c => c.Auc is not null))
        {
            return;
        }

        using var section = html.Open("section", ("id", "trust"));
        html.Element("h2", "How far the ranking can be trusted");
        html.Element(
            "p",
            "The ranking knows only how certain the inter network is. Here its scores meet what they were not told: the errors on the "
                + "validation set, and the hidden conditions of the target.",
            ("class", "lead"));
        using var charts = html.Open("div", ("class", "charts wide"));
        Scatter(html, ranking);
        if (ranking.RiskCoverage is { } curve)
        {
            RiskCoverage(html, curve);
        }

        Areas(html, ranking);
    }

    private static void Scatter(HtmlWriter html, RankingResults ranking)
    {
        ValidationImage[] images = [.. ranking.Validation.Where(i => double.IsFinite(i.Score) && double.IsFinite(i.Error))];
        if (images.Length == 0)
        {
            return;
        }

        var known = images.Any(i => i.Condition is not null);
        var groups = known ? ConditionGroups.Of(ranking, images.Select(i => i.Condition ?? "not known")) : null;
        // Only the groups that occur, but in the colours they have everywhere.
        ScatterPoint[] points =
        [
            .. images.Select(i => new ScatterPoint(
                i.Score, i.Error * 100, groups?.IndexOf(i.Condition ?? "not known") ?? 0,
                $"{i.Id}: score {Format.Compact(i.Score)}, {Format.Percent(i.Error)} wrong")),
        ];
        ScatterChart.Render(
            html,
            new ChartText(
                $"Score against error: rank correlation {Format.Statistic(ranking.SpearmanError)}",
                "Each mark is a validation image. A ranking that can be trusted rises to the right.",
                $"{images.Length} images; Spearman's rank correlation of score and share of wrong pixels is "
                    + $"{Format.Statistic(ranking.SpearmanError)}."),
            new ChartAxis("entropy score", images.Min(i => i.Score), images.Max(i => i.Score)),
            new ChartAxis("wrong pixels, %", 0, points.Max(p => p.Y)),
            groups?.Names ?? [], points);
    }

    private static void RiskCoverage(HtmlWriter html, RiskCoverageCurve curve)
    {
        LineSeries[] lines =
        [
            new("by score", 0, [.. curve.Points.Select(p => (p.Coverage * 100, p.Risk * 100))]),
            new("by true error: the best possible", 2, [.. curve.Points.Select(p => (p.Coverage * 100, p.OracleRisk * 100))]),
            new("at random", 1, [(0, curve.FullRisk * 100), (100, curve.FullRisk * 100)]) { Dashed = true },
        ];
        var figures = $"AURC {Format.Points(curve.Area * 100)}%, {Format.Points(curve.ExcessArea * 100)} above the best possible; "
            + $"at random {Format.Points(curve.FullRisk * 100)}%";
        LineChart.Render(
            html,
            new ChartText(
                "Error left when only the most certain images are kept",
                $"Below the broken line the scores help. {figures}.",
                $"Risk-coverage curve. {figures}."),
            new ChartAxis("images kept, %", 0, 100) { Exact = true },
            new ChartAxis("wrong pixels among them, %", 0, curve.Points.Max(p => Math.Max(p.Risk, curve.FullRisk)) * 100),
            lines);
    }

    private static void Areas(HtmlWriter html, RankingResults ranking)
    {
        ConditionResult[] judged = [.. ranking.Conditions.Where(c => c.Auc is not null)];
        if (ranking.AucDifficulty is null && judged.Length == 0)
        {
            return;
        }

        var all = ranking.AucDifficulty is { } auc ? new[] { new BarItem("all hard images", auc, Format.Statistic(auc), "own") } : [];
        BarGroup[] groups =
        [
            new("", [.. all, .. judged.Select(c => new BarItem(c.Condition, c.Auc, Format.Statistic(c.Auc), "control"))]),
        ];
        var against = ranking.AucDifficulty is null ? "an image of any other condition" : "an easy one";
        BarChart.Render(
            html,
            new ChartText(
                "Hidden difficulty: AUC of the score",
                $"Chance that such a target image scores above {against}. At the line, 0.50, the score tells nothing; left of it, it is "
                    + "upside down.",
                string.Join(", ", groups[0].Items.Select(i => $"{i.Label} {i.Text}")) + "; 0.50 is chance."),
            groups, high: 1, reference: 0.5);
    }
}

using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>Loss curves, a row of charts a training, a chart a family of terms.</summary>
public static class CurveSection
{
    /// <summary>Draws the section; nothing where there is no curve.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    public static void Render(HtmlWriter html, ReportData data)
    {
        TrainingCurve[] losses = [.. data.Curves.Where(c => c.Term != LossTerm.LearningRate)];
        if (losses.Length == 0)
        {
            return;
        }

        using var section = html.Open("section", ("id", "curves"));
        html.Element("h2", "Training");
        html.Element(
            "p", "Unweighted loss terms over iterations: faint as measured, strong as a moving mean over a tenth of the training.",
            ("class", "lead"));
        foreach (var stage in losses.GroupBy(c => c.Stage))
        {
            Stage(html, data, stage.Key, [.. stage]);
        }
    }

    private static void Stage(HtmlWriter html, ReportData data, StageKind kind, TrainingCurve[] curves)
    {
        using (html.Open("h3"))
        {
            html.Text(StageNames.Label(kind));
            var stage = data.Workflow.Stages.FirstOrDefault(s => s.Kind == kind);
            if (stage is not null && StageTimes.Seconds(stage) is { } seconds)
            {
                html.Element("small", stage.Reused ? "reused from an earlier run" : Format.Duration(seconds));
            }
        }

        using var charts = html.Open("div", ("class", "charts"));
        foreach (var family in curves.GroupBy(c => LossTerm.Describe(c.Term)))
        {
            Chart(html, kind, family.Key, [.. family]);
        }
    }

    private static void Chart(HtmlWriter html, StageKind stage, LossTerm family, TrainingCurve[] curves)
    {
        LineSeries[] lines =
        [
            .. curves.Select((c, i) => new LineSeries(LossTerm.HeadLabel(c.Term), i, [.. c.Iterations.Zip(c.Smoothed)])
            {
                Raw = [.. c.Iterations.Zip(c.Values)],
            }),
        ];
        var ends = string.Join(", ", curves.Select(
            c => $"{LossTerm.HeadLabel(c.Term)} from {Format.Compact(c.Smoothed[0])} to {Format.Compact(c.Smoothed[^1])}"));
        LineChart.Render(
            html,
            new ChartText(family.Title, family.Meaning, $"{family.Title} of {StageNames.Label(stage)}: {ends}."),
            new ChartAxis("iteration", 0, curves.Max(c => c.Iterations[^1])) { Exact = true },
            new ChartAxis("loss", Math.Min(0, curves.Min(c => c.Values.Min())), Top(curves)),
            lines);
    }

    // The first batches of an untrained network would flatten all that follows: values beyond the scale are drawn at its edge.
    private static double Top(TrainingCurve[] curves)
    {
        double[] values = [.. curves.SelectMany(c => c.Values).Order()];
        var usual = values[(int)((values.Length - 1) * 0.98)];
        return Math.Max(usual * 1.1, curves.Max(c => c.Smoothed.Max()));
    }
}

using System.Globalization;
using System.Xml.Linq;
using IntraDA.Gateway.Reporting.Html;
using IntraDA.Gateway.Reporting.Statistics;
using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Tests.Svg;

public sealed class ChartTests
{
    private static readonly ChartText Words = new("Title", "What to read", "Alternative");

    [Fact]
    public void A_scale_maps_its_ends_and_has_round_ticks()
    {
        var scale = LinearScale.Round(0.3, 9.4, 100, 200, 5);
        Assert.Equal((0, 10), (scale.Low, scale.High));
        Assert.Equal([0, 2, 4, 6, 8, 10], scale.Ticks);
        Assert.Equal(100, scale.Map(0));
        Assert.Equal(150, scale.Map(5));
        Assert.Equal(200, scale.Map(99));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(-2, -2)]
    [InlineData(1e-12, 1e-12)]
    [InlineData(1e9, 1e9)]
    public void A_scale_of_no_length_is_widened(double low, double high)
    {
        foreach (var scale in new[] { LinearScale.Round(low, high, 0, 1, 5), LinearScale.Exact(low, high, 0, 1, 5) })
        {
            Assert.True(scale.High > scale.Low);
            Assert.InRange(scale.Map(low), 0, 1);
            Assert.InRange(scale.Ticks.Count, 1, 12);
        }
    }

    [Fact]
    public void Bars_are_as_long_as_their_values_and_absent_ones_are_named()
    {
        var svg = Draw(html => BarChart.Render(
            html, Words,
            [new("Group", [new("one", 50, "50.0", "own"), new("half", 25, "25.0", "own"), new("none", null, "not run", "control")])], high: 50));
        double[] widths = [.. svg.Descendants("rect").Select(r => Number(((string)r.Attribute("width")!).TrimEnd('%')))];
        Assert.Equal(2, widths.Length);
        Assert.Equal(widths[0], 2 * widths[1], 6);
        Assert.Contains(svg.Descendants("text"), t => t.Value == "not run");
        Assert.Contains(svg.Descendants("text"), t => t.Value == "Group");
    }

    [Fact]
    public void A_line_breaks_where_it_has_no_value()
    {
        var svg = Draw(html => LineChart.Render(
            html, Words, new ChartAxis("x", 0, 4), new ChartAxis("y", 0, 1),
            [new("line", 0, [(0, 0), (1, 1), (2, double.NaN), (3, 1), (4, 0)])]));
        var path = (string)svg.Descendants("path").Single(p => (string?)p.Attribute("class") == "line s0" && p.Attribute("d")!.Value.Contains('L')).Attribute("d")!;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.DoesNotContain("NaN", path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_draws_every_count_and_its_cut()
    {
        var histogram = Histogram.Compute([(0, "a"), (0.2, "a"), (0.9, "b"), (1, "b"), (1, "a")], 2)!;
        var svg = Draw(html => HistogramChart.Render(
            html, Words, "x", "y", histogram, [new("a", "group a", 0), new("b", "group b", 1)], (0.5, "easy", "hard")));
        double[] heights = [.. svg.Descendants("rect").Where(r => ((string)r.Attribute("class")!).StartsWith("bar", StringComparison.Ordinal)).Select(r => Number((string)r.Attribute("height")!))];
        Assert.Equal(3, heights.Length);
        Assert.Equal(heights[0], 2 * heights[1], 1);
        Assert.Single(svg.Descendants("path"), p => (string?)p.Attribute("class") == "cut");
        Assert.Equal(2, svg.Descendants("li").Count());
    }

    [Fact]
    public void A_scatter_draws_finite_points_and_names_the_groups_that_occur()
    {
        var svg = Draw(html => ScatterChart.Render(
            html, Words, new ChartAxis("x", 0, 1), new ChartAxis("y", 0, 1), ["a", "b", "c"],
            [new(0, 0, 0, "p"), new(1, 1, 2, "q"), new(double.NaN, 1, 1, "r")]));
        Assert.Equal(["p", "q"], svg.Descendants("title").Select(t => t.Value));
        Assert.Equal(["a", "c"], svg.Descendants("li").Select(l => l.Value));
        Assert.Contains(svg.Descendants("text"), t => t.Value == "x");
        Assert.Contains(svg.Descendants("text"), t => t.Value == "y");
    }

    private static XElement Draw(Action<HtmlWriter> draw)
    {
        var html = new HtmlWriter();
        draw(html);
        var figure = XElement.Parse(html.ToString());
        Assert.Equal("Title", figure.Descendants("strong").Single().Value);
        Assert.Contains(figure.Descendants("svg"), s => (string?)s.Attribute("aria-label") == "Alternative");
        return figure;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

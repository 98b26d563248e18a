using IntraDA.Gateway.Reporting.Statistics;

namespace IntraDA.Gateway.Reporting.Tests.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public void Tied_values_share_their_mean_rank() =>
        Assert.Equal([2.5, 1, 2.5, 4, 5.5, 5.5], Ranks.Average([3, 1, 3, 7, 9, 9]));

    [Fact]
    public void Spearman_without_ties_is_one_minus_six_sums_of_squares()
    {
        // Differences of ranks 1, -1, 1, -1, 0: 1 - 6 * 4 / (5 * 24) = 0.8.
        Assert.Equal(0.8, SpearmanCorrelation.Compute([10, 20, 30, 40, 50], [2, 1, 4, 3, 5])!.Value, 12);
        Assert.Equal(-1, SpearmanCorrelation.Compute([1, 2, 3], [9, 8, 1])!.Value, 12);
    }

    [Fact]
    public void Spearman_with_ties_is_pearson_of_average_ranks()
    {
        // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), SpearmanCorrelation.Compute([1, 2, 2, 3], [1, 3, 2, 4])!.Value, 12);
    }

    [Fact]
    public void Spearman_says_nothing_of_constant_or_single_values_and_passes_over_nan()
    {
        Assert.Null(SpearmanCorrelation.Compute([1, 1, 1], [1, 2, 3]));
        Assert.Null(SpearmanCorrelation.Compute([1], [2]));
        Assert.Null(SpearmanCorrelation.Compute([], []));
        Assert.Equal(1, SpearmanCorrelation.Compute([1, double.NaN, 3], [1, 0, 3])!.Value, 12);
        Assert.Throws<ArgumentException>(() => SpearmanCorrelation.Compute([1, 2], [1]));
    }

    [Fact]
    public void Auc_counts_ties_as_half()
    {
        // Pairs: 3>1, 3>2, 2>1, 2=2: 3.5 of 4.
        Assert.Equal(0.875, AreaUnderCurve.Compute([3, 2], [1, 2]));
        Assert.Equal(0, AreaUnderCurve.Compute([1], [2, 3]));
        Assert.Equal(0.5, AreaUnderCurve.Compute([1, 1], [1, 1, 1]));
        Assert.Null(AreaUnderCurve.Compute([], [1]));
        Assert.Null(AreaUnderCurve.Compute([1], [double.NaN]));
    }

    [Fact]
    public void Auc_equals_the_share_of_pairs_in_the_right_order()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 50; trial++)
        {
            double[] high = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => (double)random.Next(8))];
            double[] low = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => (double)random.Next(8))];
            var expected = high.Average(h => low.Average(l => h > l ? 1 : h == l ? 0.5 : 0));
            Assert.Equal(expected, AreaUnderCurve.Compute(high, low)!.Value, 12);
        }
    }

    [Fact]
    public void Risk_coverage_follows_the_order_of_the_scores()
    {
        var curve = RiskCoverageCurve.Compute([0.3, 0.1, 0.2], [0.9, 0.3, 0.0])!;
        Assert.Equal([1 / 3.0, 2 / 3.0, 1], curve.Points.Select(p => p.Coverage));
        Assert.Equal([0.3, 0.15, 0.4], curve.Points.Select(p => Math.Round(p.Risk, 12)));
        Assert.Equal([0.0, 0.15, 0.4], curve.Points.Select(p => Math.Round(p.OracleRisk, 12)));
        Assert.Equal(0.85 / 3, curve.Area, 12);
        Assert.Equal(0.55 / 3, curve.OracleArea, 12);
        Assert.Equal(0.1, curve.ExcessArea, 12);
        Assert.Equal(0.4, curve.FullRisk, 12);
    }

    [Fact]
    public void Risk_coverage_of_equal_scores_is_that_of_a_random_order_whatever_the_input_order()
    {
        var curve = RiskCoverageCurve.Compute([1, 1, 1, 1], [0, 0, 1, 1])!;
        Assert.All(curve.Points, p => Assert.Equal(0.5, p.Risk, 12));
        Assert.Equal(curve.FullRisk, curve.Area, 12);
    }

    [Fact]
    public void Risk_coverage_is_never_below_the_oracle_and_reaches_it_with_the_errors_as_scores()
    {
        var random = new Random(4);
        for (var trial = 0; trial < 30; trial++)
        {
            double[] errors = [.. Enumerable.Range(0, 1 + random.Next(40)).Select(_ => random.Next(10) / 10.0)];
            double[] scores = [.. errors.Select(_ => (double)random.Next(6))];
            var curve = RiskCoverageCurve.Compute(scores, errors)!;
            Assert.All(curve.Points, p => Assert.True(p.Risk >= p.OracleRisk - 1e-12));
            Assert.Equal(0, RiskCoverageCurve.Compute(errors, errors)!.ExcessArea, 12);
        }

        Assert.Null(RiskCoverageCurve.Compute([], []));
        Assert.Null(RiskCoverageCurve.Compute([double.NaN], [0.1]));
    }

    [Fact]
    public void A_histogram_counts_every_finite_value_once()
    {
        var histogram = Histogram.Compute([(0, "a"), (0.49, "a"), (0.5, "b"), (1, "b"), (double.NaN, "a")], 2)!;
        Assert.Equal([0, 0.5, 1], histogram.Edges);
        Assert.Equal([2, 0], histogram.Counts["a"]);
        Assert.Equal([0, 2], histogram.Counts["b"]);
    }

    [Fact]
    public void A_histogram_of_one_value_has_one_bin_around_it()
    {
        var histogram = Histogram.Compute([(0.02, "a"), (0.02, "a")], 30)!;
        Assert.Equal(2, histogram.Edges.Count);
        Assert.InRange(0.02, histogram.Edges[0], histogram.Edges[1]);
        Assert.Equal([2], histogram.Counts["a"]);
        Assert.Null(Histogram.Compute([], 5));
    }
}

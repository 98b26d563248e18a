using System.Text;
using IntraDA.Artifacts.Formats;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting.Tests.Analysis;

public sealed class CurveTests
{
    [Fact]
    public async Task A_repeated_iteration_counts_once_with_its_later_value()
    {
        var curves = await ReadAsync("""
            {"iteration":1,"seg_main":2.0,"learning_rate":0.1}
            {"iteration":2,"seg_main":9.0}

            {"iteration":2,"seg_main":1.0,"adv_main":"NaN"}
            """);
        Assert.Equal(["seg_main", "learning_rate"], curves.Select(c => c.Term));
        Assert.Equal([1, 2], curves[0].Iterations);
        Assert.Equal([2, 1], curves[0].Values);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"seg_main\":1}")]
    [InlineData("{\"iteration\":1.5}")]
    [InlineData("{\"iteration\":1")]
    public async Task A_line_of_another_form_is_named(string line)
    {
        var exception = await Assert.ThrowsAsync<ArtifactFormatException>(() => ReadAsync("{\"iteration\":1,\"a\":1}\n" + line));
        Assert.Contains("Line 2 of the curves 'curves.jsonl'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thinning_keeps_the_mean_and_smooths_noise()
    {
        var noisy = Enumerable.Range(1, 1600).Select(i => ((long)i, 1.0 + (i % 2 == 0 ? 0.5 : -0.5) + (i % 3 == 0 ? 0.2 : 0))).ToArray();
        var curve = CurveThinning.Thin(StageKind.Inter, "seg_main", noisy)!;
        Assert.Equal(CurveThinning.MaxPoints, curve.Values.Count);
        Assert.Equal(noisy.Average(p => p.Item2), curve.Values.Average(), 9);
        Assert.All(curve.Smoothed, v => Assert.InRange(v, 1.03, 1.11));
        Assert.True(curve.Iterations.Zip(curve.Iterations.Skip(1)).All(p => p.First < p.Second));
    }

    [Fact]
    public void A_curve_without_finite_values_is_none() =>
        Assert.Null(CurveThinning.Thin(StageKind.Inter, "x", [(1, double.NaN), (2, double.PositiveInfinity)]));

    private static Task<IReadOnlyList<TrainingCurve>> ReadAsync(string lines) => CurveReader.ReadAsync(
        StageKind.Inter, "curves.jsonl", new MemoryStream(Encoding.UTF8.GetBytes(lines)), TestContext.Current.CancellationToken);
}

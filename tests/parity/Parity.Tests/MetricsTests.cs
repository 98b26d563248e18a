using IntraDA.Learning.Metrics;
using IntraDA.Parity.Tests.Fixtures;
using IntraDA.Trainer.Optimization;

namespace IntraDA.Parity.Tests;

public sealed class MetricsTests(ParityFixture parity)
{
    [Fact]
    public void Histogram_iou_and_miou_are_exactly_the_published_ones()
    {
        var expected = parity.Document.Miou;
        var histogram = new ConfusionHistogram(parity.Document.Classes);
        var (truth, prediction) = (parity.Array("miou_truth"), parity.Array("miou_prediction"));
        for (var i = 0; i < truth.shape[0]; i++)
        {
            using var t = truth[i].contiguous();
            using var p = prediction[i].contiguous();
            histogram.Add(t.bytes, p.bytes);
        }

        Assert.Equal(expected.Histogram.SelectMany(row => row).Select(v => (long)v), histogram.Counts);
        Assert.Equal(expected.Iou.Select(v => v ?? double.NaN), histogram.IntersectionOverUnion());
        Assert.InRange(Deviation.Relative(histogram.MeanIntersectionOverUnion(), expected.Mean), 0, 1e-12);
    }

    [Fact]
    public void Learning_rates_are_the_published_ones()
    {
        var schedule = new PolySchedule(parity.Document.ScheduleIterations, parity.Document.PolyPower);
        Assert.All(parity.Document.LrPoly, pair => Assert.InRange(
            Deviation.Relative(schedule.Rate(parity.Document.LearningRate, (int)pair[0]), pair[1]), 0, 1e-12));
    }
}

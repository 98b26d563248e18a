using IntraDA.Data.Labels;
using IntraDA.Ranker.PseudoLabels;

namespace IntraDA.Ranker.Tests.PseudoLabels;

public sealed class PolicyTests
{
    private static readonly LabelMap Labels = new(3, 2, [0, 1, 1, 0, 255, 1]);
    private static readonly ConfidenceMap Confidences = new(3, 2, [10, 20, 30, 40, 50, 60]);

    [Fact]
    public void Pixels_below_their_class_threshold_are_ignored()
    {
        var masked = PseudoLabelMask.Apply(Labels, Confidences, [40, 30]);
        Assert.Equal([255, 255, 1, 0, 255, 1], masked.TrainIds);
        Assert.Equal([0, 1, 1, 0, 255, 1], Labels.TrainIds);
    }

    [Fact]
    public void A_map_that_is_kept_whole_is_not_copied() => Assert.Same(Labels, PseudoLabelMask.Apply(Labels, Confidences, [10, 20]));

    [Fact]
    public void Labelled_pixels_are_counted_per_class()
    {
        var counts = new long[2];
        PseudoLabelMask.Count(Labels, counts);
        Assert.Equal([2, 3], counts);
    }

    [Theory]
    [InlineData(1.0, 10, 20)]
    [InlineData(0.5, 40, 30)]
    [InlineData(0.34, 40, 30)]
    [InlineData(0.33, 40, 60)]
    public void The_most_confident_share_of_each_class_is_kept(double share, int first, int second)
    {
        var histogram = new ConfidenceHistogram(3);
        histogram.Add(Labels, Confidences);
        Assert.Equal([(ushort)first, (ushort)second, (ushort)0], histogram.Thresholds(share));
    }

    [Fact]
    public void Over_many_maps_each_class_keeps_its_share()
    {
        var random = new Random(5);
        var maps = Enumerable.Range(0, 20).Select(_ => (
            Labels: new LabelMap(64, 32, [.. Enumerable.Range(0, 64 * 32).Select(_ => (byte)(random.Next(10) < 9 ? 0 : random.Next(1, 3)))]),
            Confidences: new ConfidenceMap(64, 32, [.. Enumerable.Range(0, 64 * 32).Select(_ => (ushort)random.Next(65536))]))).ToList();
        var histogram = new ConfidenceHistogram(3);
        maps.ForEach(map => histogram.Add(map.Labels, map.Confidences));
        var thresholds = histogram.Thresholds(0.3);

        var total = new long[3];
        var kept = new long[3];
        maps.ForEach(map =>
        {
            PseudoLabelMask.Count(map.Labels, total);
            PseudoLabelMask.Count(PseudoLabelMask.Apply(map.Labels, map.Confidences, thresholds), kept);
        });
        for (var c = 0; c < 3; c++)
        {
            Assert.InRange(kept[c], (long)Math.Ceiling(total[c] * 0.3), (long)Math.Ceiling(total[c] * 0.3) + 5);
        }
    }

    [Fact]
    public void Equally_confident_pixels_are_kept_together()
    {
        var histogram = new ConfidenceHistogram(1);
        histogram.Add(new LabelMap(4, 1, [0, 0, 0, 0]), new ConfidenceMap(4, 1, [65535, 65535, 65535, 1]));
        Assert.Equal([(ushort)65535], histogram.Thresholds(0.25));
        Assert.Equal([(ushort)1], histogram.Thresholds(1));
    }
}

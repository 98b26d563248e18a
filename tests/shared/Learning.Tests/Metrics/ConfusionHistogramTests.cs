using IntraDA.Learning.Metrics;

namespace IntraDA.Learning.Tests.Metrics;

public sealed class ConfusionHistogramTests
{
    [Fact]
    public void Iou_is_hits_over_union_and_absent_classes_are_left_out_of_the_mean()
    {
        var histogram = new ConfusionHistogram(4);
        var (labelled, wrong) = histogram.Add([0, 0, 1, 1, 2], [0, 1, 1, 1, 0]);
        Assert.Equal((5, 2), (labelled, wrong));
        var iou = histogram.IntersectionOverUnion();
        Assert.Equal([1 / 3.0, 2 / 3.0, 0, double.NaN], iou);
        Assert.Equal((1 / 3.0 + 2 / 3.0 + 0) / 3, histogram.MeanIntersectionOverUnion(), 15);
        Assert.Equal(3 / 5.0, histogram.PixelAccuracy());
    }

    [Fact]
    public void A_class_that_is_only_predicted_counts_with_zero()
    {
        var histogram = new ConfusionHistogram(3);
        histogram.Add([0, 0], [0, 2]);
        Assert.Equal([0.5, double.NaN, 0], histogram.IntersectionOverUnion());
        Assert.Equal(0.25, histogram.MeanIntersectionOverUnion());
    }

    [Fact]
    public void Ignored_pixels_and_ids_beyond_the_classes_do_not_count()
    {
        var histogram = new ConfusionHistogram(2);
        Assert.Equal((1, 0), histogram.Add([255, 2, 254, 1], [0, 0, 1, 1]));
        Assert.Equal([0, 0, 0, 1], histogram.Counts);
    }

    [Fact]
    public void Nothing_counted_is_not_a_number()
    {
        var histogram = new ConfusionHistogram(2);
        histogram.Add([255, 255], [0, 1]);
        Assert.True(double.IsNaN(histogram.MeanIntersectionOverUnion()) && double.IsNaN(histogram.PixelAccuracy()));
    }

    [Fact]
    public void One_histogram_over_all_images_is_the_sum_of_those_of_each()
    {
        var (whole, first, second) = (new ConfusionHistogram(2), new ConfusionHistogram(2), new ConfusionHistogram(2));
        first.Add([0, 1], [0, 0]);
        second.Add([1, 1], [1, 0]);
        whole.Add([0, 1, 1, 1], [0, 0, 1, 0]);
        first.Add(second);
        Assert.Equal(whole.Counts, first.Counts);
    }

    [Fact]
    public void Maps_of_other_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ConfusionHistogram(2).Add([0, 1], [0]));
}

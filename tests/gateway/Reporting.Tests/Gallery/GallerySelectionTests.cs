using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Gallery;

namespace IntraDA.Gateway.Reporting.Tests.Gallery;

public sealed class GallerySelectionTests
{
    [Fact]
    public void Nine_images_are_chosen_by_score() => Assert.Equal(
        [
            (GalleryGroup.Easiest, 1), (GalleryGroup.Easiest, 2), (GalleryGroup.Easiest, 3),
            (GalleryGroup.Median, 10), (GalleryGroup.Median, 11), (GalleryGroup.Median, 12),
            (GalleryGroup.Hardest, 19), (GalleryGroup.Hardest, 20), (GalleryGroup.Hardest, 21),
        ],
        GallerySelection.Choose(Images(21)).Select(c => (c.Group, c.Rank)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Few_images_are_all_shown_once(int count)
    {
        var chosen = GallerySelection.Choose(Images(count));
        Assert.Equal(Enumerable.Range(1, count), chosen.Select(c => c.Rank).Order());
    }

    [Fact]
    public void Images_without_a_score_are_passed_over() =>
        Assert.Empty(GallerySelection.Choose([new ValidationImage("a", double.NaN, 0, 0, null)]));

    private static ValidationImage[] Images(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ValidationImage($"{i}", count - i, 0.1, 0.5, null))];
}

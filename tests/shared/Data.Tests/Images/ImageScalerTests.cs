using IntraDA.Data.Images;

namespace IntraDA.Data.Tests.Images;

public sealed class ImageScalerTests
{
    [Fact]
    public void Halving_takes_the_mean_of_four()
    {
        var image = new RgbImage(2, 2, [0, 0, 0, 10, 20, 40, 20, 40, 80, 30, 60, 120]);
        Assert.Equal([15, 30, 60], ImageScaler.Area(image, 1, 1).Pixels);
    }

    [Fact]
    public void A_fraction_of_a_pixel_counts_as_a_fraction()
    {
        // 3 to 2 pixels: (2 a + b) / 3 and (b + 2 c) / 3.
        var image = new RgbImage(3, 1, [30, 30, 30, 60, 60, 60, 90, 90, 90]);
        Assert.Equal([40, 40, 40, 80, 80, 80], ImageScaler.Area(image, 2, 1).Pixels);
    }

    [Fact]
    public void A_uniform_image_keeps_its_colour_at_any_size()
    {
        var image = new RgbImage(7, 5, Pictures.Repeat<byte>(105, 255, 128, 1));
        foreach (var (width, height) in new[] { (1, 1), (3, 4), (7, 5), (16, 9) })
        {
            Assert.Equal(Pictures.Repeat<byte>(width * height * 3, 255, 128, 1), ImageScaler.Area(image, width, height).Pixels);
        }
    }

    [Theory]
    [InlineData(100, 50, 40, 40, 40, 20)]
    [InlineData(50, 100, 40, 40, 20, 40)]
    [InlineData(1000, 1, 10, 10, 10, 1)]
    [InlineData(30, 20, 40, 40, 30, 20)]
    public void A_thumbnail_keeps_proportions_and_never_grows(int width, int height, int maxWidth, int maxHeight, int expectedWidth, int expectedHeight)
    {
        var thumbnail = ImageScaler.Thumbnail(Pictures.Gradient(width, height), maxWidth, maxHeight);
        Assert.Equal((expectedWidth, expectedHeight), (thumbnail.Width, thumbnail.Height));
    }
}

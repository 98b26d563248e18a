using IntraDA.Trainer.Loading;

namespace IntraDA.Trainer.Tests.Loading;

public sealed class DataOrderTests
{
    [Fact]
    public void Each_epoch_shows_every_image_once_in_an_order_of_its_own()
    {
        var order = new DataOrder(1, "source", 10);
        var epochs = Enumerable.Range(0, 5).Select(e => Enumerable.Range(0, 10).Select(i => order[(e * 10) + i]).ToArray()).ToList();
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 10), epoch.Order()));
        Assert.Equal(5, epochs.Select(e => string.Join(' ', e)).Distinct().Count());
    }

    [Fact]
    public void It_is_a_function_of_the_position_alone()
    {
        var (forward, jumping) = (new DataOrder(1, "source", 7), new DataOrder(1, "source", 7));
        var expected = Enumerable.Range(0, 50).Select(i => forward[i]).ToArray();
        Assert.All(new[] { 49, 3, 20, 3, 7, 6, 0, 48 }, position => Assert.Equal(expected[position], jumping[position]));
        Assert.InRange(jumping[1L << 40], 0, 6);
    }

    [Fact]
    public void Sets_and_seeds_have_orders_of_their_own()
    {
        string Order(ulong seed, string role) => string.Join(' ', Enumerable.Range(0, 20).Select(i => new DataOrder(seed, role, 20)[i]));
        Assert.Equal(3, new[] { Order(1, "source"), Order(1, "target"), Order(2, "source") }.Distinct().Count());
    }
}

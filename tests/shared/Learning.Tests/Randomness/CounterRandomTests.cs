using IntraDA.Learning.Randomness;

namespace IntraDA.Learning.Tests.Randomness;

public sealed class CounterRandomTests
{
    // From a Python program of its own: hashlib's SHA-256 of "seed\ncounter\npurpose", then SplitMix64 as published.
    [Theory]
    [InlineData(1234UL, "weights/conv1.weight", 0, 0xb3242114e53364e4UL, 0x44e72eca9479e5adUL, 0xa4ad25989fbeead1UL)]
    [InlineData(0UL, "order/source", 3, 0x84e42b3333812e6eUL, 0x7beb843fe06627faUL, 0x38ee7256b945c065UL)]
    [InlineData(ulong.MaxValue, "augment/unlabelled", 7, 0xd3332e2983e95baUL, 0x16c032be94539627UL, 0x752055b3fb1cb928UL)]
    public void The_bits_are_those_of_the_formula(ulong seed, string purpose, long counter, ulong first, ulong second, ulong third)
    {
        var random = new CounterRandom(seed, purpose, counter);
        Assert.Equal([first, second, third], new[] { random.NextBits(), random.NextBits(), random.NextBits() });
    }

    [Fact]
    public void Permutations_are_those_of_the_formula_and_differ_between_epochs()
    {
        Assert.Equal([3, 2, 7, 4, 5, 1, 0, 6], new CounterRandom(1234, "order/labelled-0", 0).NextPermutation(8));
        Assert.Equal([3, 5, 2, 6, 4, 7, 1, 0], new CounterRandom(1234, "order/labelled-0", 1).NextPermutation(8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void A_permutation_holds_each_number_once(int count) =>
        Assert.Equal(Enumerable.Range(0, count), new CounterRandom(9, "p").NextPermutation(count).Order());

    [Fact]
    public void Every_order_of_four_is_about_equally_frequent()
    {
        var counts = Enumerable.Range(0, 24_000)
            .GroupBy(i => string.Join(' ', new CounterRandom(5, "orders", i).NextPermutation(4)))
            .Select(g => g.Count())
            .ToList();
        Assert.Equal(24, counts.Count);
        // Chi-squared with 23 degrees of freedom is above 50 once in 1000.
        Assert.InRange(counts.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000), 5, 50);
    }

    [Fact]
    public void Whole_and_real_numbers_are_uniform_over_their_range()
    {
        var random = new CounterRandom(7, "uniform");
        var counts = new int[10];
        var (low, high, sum) = (1.0, 0.0, 0.0);
        for (var i = 0; i < 20_000; i++)
        {
            counts[random.NextInt32(10)]++;
            var x = random.NextDouble();
            (low, high, sum) = (Math.Min(low, x), Math.Max(high, x), sum + x);
        }

        Assert.InRange(counts.Sum(c => (c - 2000.0) * (c - 2000.0) / 2000), 0.5, 28);
        Assert.InRange(low, 0, 0.001);
        Assert.InRange(high, 0.999, 1 - double.Epsilon);
        Assert.InRange(sum / 20_000, 0.49, 0.51);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(random.NextDouble(-3, 5), -3, 5));
    }

    [Fact]
    public void Gaussian_numbers_have_mean_zero_and_deviation_one()
    {
        var random = new CounterRandom(7, "normal");
        var values = Enumerable.Range(0, 20_000).Select(_ => random.NextGaussian()).ToArray();
        Assert.InRange(values.Average(), -0.03, 0.03);
        Assert.InRange(values.Average(v => v * v), 0.96, 1.04);
        Assert.InRange(values.Count(v => Math.Abs(v) > 1.96) / 20_000.0, 0.043, 0.057);
    }

    [Fact]
    public void Seed_purpose_and_counter_each_give_another_stream()
    {
        ulong[] first =
        [
            new CounterRandom(1, "a").NextBits(), new CounterRandom(2, "a").NextBits(),
            new CounterRandom(1, "b").NextBits(), new CounterRandom(1, "a", 1).NextBits(),
            // A digit must not be able to move from one field to the next.
            new CounterRandom(11, "a", 2).NextBits(), new CounterRandom(1, "a", 12).NextBits(),
        ];
        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Fact]
    public void A_bound_below_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(1, "a").NextInt32(0));
}

using IntraDA.Learning.Preprocessing;
using IntraDA.Learning.Randomness;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Preprocessing;

public sealed class PhotometricAugmentationTests
{
    [Fact]
    public void It_is_a_function_of_the_stream_and_stays_on_the_scale()
    {
        using var scope = NewDisposeScope();
        var image = tensor(Samples.Image(12, 10).Pixels, [10, 12, 3]).permute(2, 0, 1).to(ScalarType.Float32);
        var before = image.clone();
        var seen = new List<Tensor>();
        for (var i = 0; i < 40; i++)
        {
            var augmented = PhotometricAugmentation.Apply(image, new CounterRandom(3, "augment", i));
            Assert.Equal(image.shape, augmented.shape);
            Assert.True(augmented.SameAs(PhotometricAugmentation.Apply(image, new CounterRandom(3, "augment", i))));
            Assert.InRange(augmented.min().item<float>(), 0, 255);
            Assert.InRange(augmented.max().item<float>(), 0, 255);
            Assert.DoesNotContain(seen, s => s.SameAs(augmented));
            seen.Add(augmented);
        }

        Assert.True(image.SameAs(before), "The image itself was changed.");
    }

    [Fact]
    public void On_average_brightness_changes_little()
    {
        using var scope = NewDisposeScope();
        var image = full([3, 8, 8], 128f, ScalarType.Float32);
        var means = Enumerable.Range(0, 200)
            .Select(i => PhotometricAugmentation.Apply(image, new CounterRandom(4, "augment", i)).mean().item<float>()).ToList();
        Assert.InRange(means.Average(), 113, 143);
        Assert.InRange(means.Max() - means.Min(), 60, 250);
    }
}

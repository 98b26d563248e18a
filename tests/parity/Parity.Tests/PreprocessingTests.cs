using IntraDA.Learning.Networks;
using IntraDA.Parity.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests;

public sealed class PreprocessingTests(ParityFixture parity, ITestOutputHelper output)
{
    [Fact]
    public void The_preprocessed_image_is_the_published_one()
    {
        using var scope = NewDisposeScope();
        var actual = parity.Input(0, TensorPlacement.Cpu).squeeze(0);
        var expected = parity.Array("image_0");
        var largest = Deviation.Absolute(actual, expected);
        var mean = (actual - expected).abs().mean().ToDouble();
        var differing = actual.ne(expected).sum().ToInt64();
        output.WriteLine($"summary: preprocessing: {differing} of {expected.numel()} bytes differ, max abs {largest:G3}, mean abs {mean:G3}");
        Assert.InRange(largest, 0, 1.0);
        Assert.InRange(mean, 0, 0.02);

        // The repository's own fixtures show that the resize is Pillow's to the byte; others need keep the bounds only.
        if (FixtureFolder.IsOwn)
        {
            Assert.Equal(0, differing);
        }
    }

    [Fact]
    public void The_resized_label_is_the_published_one()
    {
        using var scope = NewDisposeScope();
        var label = parity.Label(0);
        var expected = parity.Array("label_0").to(ScalarType.Int64);
        // Ids beyond the classes are stored as they are and count as ignored.
        expected = expected.masked_fill(expected.ge(parity.Document.Classes), 255);
        Assert.Equal(1.0, Deviation.Agreement(tensor(label.TrainIds, [label.Height, label.Width]), expected));
    }
}

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
        output.WriteLine($"preprocessing: max abs {largest:G3}, mean abs {mean:G3}");
        Assert.InRange(largest, 0, 1.0);
        Assert.InRange(mean, 0, 0.02);
    }

    [Fact]
    public void The_resize_is_that_of_pillow_to_the_byte()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, Deviation.Absolute(parity.Input(0, TensorPlacement.Cpu).squeeze(0), parity.Array("image_0")));
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

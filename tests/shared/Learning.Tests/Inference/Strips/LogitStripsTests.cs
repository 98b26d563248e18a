using IntraDA.Data.Labels;
using IntraDA.Learning.Entropy;
using IntraDA.Learning.Inference.Fast;
using IntraDA.Learning.Inference.Strips;
using IntraDA.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Tests.Inference.Strips;

public sealed class LogitStripsTests
{
    private static readonly StripOutputs Everything = new(true, true, true, true, true);

    [Theory]
    [InlineData(19, 17, 9, 129, 65, 5)]
    [InlineData(2, 5, 4, 33, 50, 1)]
    [InlineData(7, 20, 12, 20, 12, 40)]
    [InlineData(3, 1, 1, 18, 17, 3)]
    [InlineData(5, 30, 20, 11, 7, 2)]
    public void Strips_give_what_the_plain_computation_gives(int classes, int logitWidth, int logitHeight, int width, int height, int contrast)
    {
        using var scope = NewDisposeScope();
        var logits = Samples.Normal(7, 1, classes, logitHeight, logitWidth) * contrast;
        var actual = Run(logits, width, height, Everything);

        var probabilities = functional.softmax(LogitUpsampling.To(logits, width, height), 1);
        var entropy = SelfInformation.Map(probabilities).sum(1);
        var (top, _) = probabilities.topk(2, 1);
        Assert.InRange(actual.MeanEntropy - entropy.mean().ToDouble(), -1e-5, 1e-5);
        var (bytes, confidences) = ((entropy * 255).flatten().data<float>().ToArray(), probabilities.amax([1]).flatten().data<float>().ToArray());
        var margins = (top.select(1, 0) - top.select(1, 1)).flatten().data<float>().ToArray();
        var winners = probabilities.argmax(1).flatten().data<long>().ToArray();
        for (var i = 0; i < width * height; i++)
        {
            Assert.InRange(actual.Entropy![i] - bytes[i], -0.51, 0.51);
            Assert.InRange(actual.Confidence![i] - (int)ConfidenceMap.Quantize(confidences[i]), -2, 2);
            // Two classes within the last bits of float32 may win either way.
            Assert.True(actual.Labels![i] == winners[i] || margins[i] < 1e-5, $"pixel {i}");
        }

        Assert.Equal(Enumerable.Range(0, classes).Select(c => (long)actual.Labels!.Count(l => l == c)), actual.ClassPixels);
    }

    [Fact]
    public void Only_what_is_asked_for_is_computed()
    {
        using var scope = NewDisposeScope();
        var logits = Samples.Normal(7, 1, 4, 6, 8);
        var labels = Run(logits, 20, 20, new StripOutputs { Labels = true });
        Assert.True(labels is { Labels: not null, Entropy: null, Confidence: null, MeanEntropy: 0 });
        Assert.All(labels.ClassPixels, count => Assert.Equal(0, count));
        var score = Run(logits, 20, 20, new StripOutputs { Entropy = true, Counts = true });
        Assert.True(score is { Labels: null, Entropy: null, Confidence: null });
        Assert.Equal(400, score.ClassPixels.Sum());
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var logits = Samples.Normal(9, 1, 19, 33, 65);
        var one = Run(logits, 257, 129, Everything);
        set_num_threads(3);
        try
        {
            var three = Run(logits, 257, 129, Everything);
            Assert.Equal(one.MeanEntropy, three.MeanEntropy);
            Assert.Equal(one.Labels, three.Labels);
        }
        finally
        {
            set_num_threads(1);
        }
    }

    private static unsafe StripResult Run(Tensor logits, int width, int height, StripOutputs outputs)
    {
        using var dense = logits.contiguous();
        return LogitStrips.Run(
            TensorMemory.Pointer(dense), (int)dense.shape[1], (int)dense.shape[3], (int)dense.shape[2], width, height, outputs);
    }
}

using IntraDA.Learning.Entropy;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Entropy;

public sealed class SelfInformationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(19)]
    public void Uniform_probabilities_have_entropy_one_and_score_one_over_the_classes(int classes)
    {
        using var scope = NewDisposeScope();
        var map = SelfInformation.Map(full([1, classes, 4, 5], 1.0 / classes, ScalarType.Float64));
        Assert.Equal([1, classes, 4, 5], map.shape);
        Assert.True(allclose(map.sum(1), ones([1, 4, 5], ScalarType.Float64), 0, 1e-12));
        Assert.Equal(1.0 / classes, map.mean().ToDouble(), 12);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Certain_predictions_have_no_entropy_and_no_nan(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var certain = zeros([1, 3, 2, 2], type);
        certain[TensorIndex.Colon, 1] = 1;
        var map = SelfInformation.Map(certain);
        Assert.False(map.isnan().any().item<bool>());
        Assert.Equal(0, map.abs().max().ToDouble(), 12);
    }

    [Fact]
    public void Gradients_of_certain_predictions_are_finite()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1000f, -1000f, 0f }, [1, 3, 1, 1]).requires_grad_();
        SelfInformation.MeanEntropy(logits).backward();
        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void The_map_is_minus_p_log_p_over_log_classes()
    {
        using var scope = NewDisposeScope();
        double[] p = [0.7, 0.2, 0.1];
        var map = SelfInformation.Map(tensor(p, [1, 3, 1, 1]));
        var expected = p.Select(v => -v * Math.Log(v) / Math.Log(3)).ToArray();
        Assert.True(allclose(map.flatten(), tensor(expected), 0, 1e-14));
        Assert.Equal(expected.Sum(), SelfInformation.MeanEntropy(tensor(p, [1, 3, 1, 1]).log()).ToDouble(), 12);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Reduced_precision_is_refused_because_a_probability_of_zero_would_give_nan(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => SelfInformation.Map(zeros([1, 3, 2, 2], type)));
        Assert.Contains(type.ToString(), error.Message, StringComparison.Ordinal);
    }
}

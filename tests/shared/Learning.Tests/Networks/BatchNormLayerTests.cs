using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Networks;

public sealed class BatchNormLayerTests : IDisposable
{
    private readonly ParameterRegistry _registry = new(new TensorPlacement(ScalarType.Float64, CPU));
    private readonly BatchNormLayer _layer;
    private readonly DisposeScopes _scope = new();

    public BatchNormLayerTests() => _layer = new BatchNormLayer(_registry, 3);

    [Fact]
    public void Evaluation_uses_the_running_statistics_and_leaves_them()
    {
        Value("running_mean").fill_(2);
        Value("running_var").fill_(9);
        var input = Batch(1);
        var output = _layer.Forward(input, NormMode.Evaluate);
        Assert.True(allclose(output, (input - 2) / Math.Sqrt(9 + 1e-5), 0, 1e-12));
        Assert.True(Value("running_mean").eq(2).all().item<bool>() && Value("running_var").eq(9).all().item<bool>());
        Assert.Equal(0, Value("num_batches_tracked").item<long>());
    }

    [Fact]
    public void Training_uses_the_statistics_of_the_batch_and_moves_the_running_ones_by_a_tenth()
    {
        var input = Batch(1);
        var output = _layer.Forward(input, NormMode.Train);
        Assert.True(allclose(output.mean([0, 2, 3]), zeros(3, ScalarType.Float64), 0, 1e-12));
        Assert.True(allclose(Value("running_mean"), input.mean([0, 2, 3]) * 0.1, 0, 1e-12));
        Assert.True(allclose(Value("running_var"), 0.9 + (input.var([0, 2, 3]) * 0.1), 0, 1e-12));
        Assert.Equal(1, Value("num_batches_tracked").item<long>());
    }

    [Fact]
    public void Re_estimation_ends_with_the_plain_mean_over_all_batches()
    {
        Value("running_mean").fill_(100);
        Value("running_var").fill_(100);
        var batches = Enumerable.Range(1, 4).Select(i => Batch((ulong)i)).ToList();
        foreach (var batch in batches)
        {
            _layer.Forward(batch, NormMode.ReEstimate);
        }

        Assert.True(allclose(Value("running_mean"), stack(batches.Select(b => b.mean([0, 2, 3]))).mean([0]), 0, 1e-12));
        Assert.True(allclose(Value("running_var"), stack(batches.Select(b => b.var([0, 2, 3]))).mean([0]), 0, 1e-12));
    }

    [Fact]
    public void Gain_and_bias_are_frozen() =>
        Assert.All(_registry.Tensors, t => Assert.False(t.Learned || t.Value.requires_grad, t.Name));

    public void Dispose()
    {
        _scope.Dispose();
        _registry.Dispose();
    }

    private static Tensor Batch(ulong seed) => (Samples.Normal(seed, 2, 3, 4, 5).to(ScalarType.Float64) * 3) + seed;

    private Tensor Value(string name) => _registry.Tensors.First(t => t.Name == name).Value;
}

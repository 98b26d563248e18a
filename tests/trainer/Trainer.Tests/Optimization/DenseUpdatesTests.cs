using IntraDA.Learning.Updates;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Optimization;

public sealed class DenseUpdatesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 3)]
    [InlineData(200_003, 2)]
    public void One_pass_over_memory_gives_to_the_bit_what_the_published_optimiser_gives(int count, int repeats)
    {
        using var scope = NewDisposeScope();
        var values = linspace(-1, 1, count, ScalarType.Float32);
        var fused = values.clone();
        var plain = values.clone();
        fused.requires_grad = true;
        using var sgd = new MomentumSgd([new SgdParameter("w", fused, RateFactor: 1, repeats)], momentum: 0.9, weightDecay: 5e-4);
        var buffer = zeros_like(plain);
        for (var step = 0; step < 3; step++)
        {
            var gradient = sin(linspace(step, step + 5, count, ScalarType.Float32));
            fused.grad = gradient;
            sgd.Step(0.1);
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                buffer.mul_(step == 0 ? 0 : 0.9).add_(gradient.add(plain, alpha: 5e-4));
                plain.add_(buffer, alpha: -0.1);
            }
        }

        Assert.Equal(plain.bytes.ToArray(), fused.detach().bytes.ToArray());
        Assert.Equal(buffer.bytes.ToArray(), sgd.Buffers["w"].bytes.ToArray());
    }

    [Fact]
    public void What_is_not_dense_float32_on_the_processor_is_left_to_tensor_operations()
    {
        using var scope = NewDisposeScope();
        Assert.True(DenseUpdates.Takes(zeros(4), zeros(2, 2)));
        Assert.False(DenseUpdates.Takes(zeros(4), zeros(4, ScalarType.Float64)));
        Assert.False(DenseUpdates.Takes(zeros(3, 4).t()));
    }

    [Fact]
    public void Rounding_is_the_same_for_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        byte[] Updated(int threads)
        {
            set_num_threads(threads);
            var (value, gradient, buffer) = (linspace(-1, 1, 300_000), linspace(3, 1, 300_000), linspace(0, 2, 300_000));
            DenseUpdates.Momentum(value, gradient, buffer, new MomentumUpdate(0.1f, 0.9f, 5e-4f, Repeats: 3, Starts: false));
            return value.bytes.ToArray();
        }

        try
        {
            Assert.Equal(Updated(1), Updated(3));
        }
        finally
        {
            set_num_threads(1);
        }
    }
}

using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Optimization;

public sealed class MomentumSgdTests
{
    private const double Momentum = 0.9;
    private const double Decay = 0.1;
    private const double Rate = 0.5;

    [Fact]
    public void Two_steps_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        var weight = Weight(2);
        using var sgd = new MomentumSgd([new SgdParameter("w", weight, RateFactor: 1, Repeats: 1)], Momentum, Decay);
        Gradient(weight, 1);
        sgd.Step(Rate);
        // b = 1 + 0.1 * 2 = 1.2; w = 2 - 0.5 * 1.2 = 1.4
        Assert.Equal(1.4, weight.item<double>(), 14);
        Gradient(weight, -3);
        sgd.Step(Rate);
        // b = 0.9 * 1.2 - 3 + 0.1 * 1.4 = -1.78; w = 1.4 + 0.5 * 1.78 = 2.29
        Assert.Equal(2.29, weight.item<double>(), 14);
        Assert.Equal(-1.78, sgd.Buffers["w"].item<double>(), 14);
    }

    [Fact]
    public void Repeats_start_a_buffer_each_in_the_first_step_and_share_the_last_one_afterwards()
    {
        using var scope = NewDisposeScope();
        var weight = Weight(2);
        using var sgd = new MomentumSgd([new SgdParameter("w", weight, RateFactor: 1, Repeats: 2)], Momentum, Decay);
        Gradient(weight, 1);
        sgd.Step(Rate);
        // First repeat: b = 1.2, w = 1.4. Second, with a buffer of its own: b = 1 + 0.14 = 1.14, w = 0.83.
        Assert.Equal(0.83, weight.item<double>(), 14);
        Assert.Equal(1.14, sgd.Buffers["w"].item<double>(), 14);
        sgd.Step(Rate);
        // Shared: b = 1.026 + 1 + 0.083 = 2.109, w = -0.2245; b = 1.8981 + 1 - 0.02245 = 2.87565, w = -1.662325.
        Assert.Equal(-1.662325, weight.item<double>(), 14);
    }

    [Fact]
    public void A_rate_factor_multiplies_the_rate()
    {
        using var scope = NewDisposeScope();
        var weight = Weight(0);
        using var sgd = new MomentumSgd([new SgdParameter("w", weight, RateFactor: 10, Repeats: 1)], Momentum, Decay);
        Gradient(weight, 1);
        sgd.Step(Rate);
        Assert.Equal(-5, weight.item<double>(), 14);
    }

    [Fact]
    public void A_parameter_without_gradient_stays_and_even_its_decay_waits()
    {
        using var scope = NewDisposeScope();
        var weight = Weight(2);
        using var sgd = new MomentumSgd([new SgdParameter("w", weight, RateFactor: 1, Repeats: 1)], Momentum, Decay);
        sgd.Step(Rate);
        Assert.Equal(2, weight.item<double>());
        Assert.Empty(sgd.Buffers);
    }

    [Fact]
    public void Restored_buffers_continue_where_they_were()
    {
        using var scope = NewDisposeScope();
        var (weight, other) = (Weight(2), Weight(2));
        using var sgd = new MomentumSgd([new SgdParameter("w", weight, 1, 3)], Momentum, Decay);
        using var resumed = new MomentumSgd([new SgdParameter("w", other, 1, 3)], Momentum, Decay);
        Gradient(weight, 1);
        sgd.Step(Rate);
        using (no_grad())
        {
            other.copy_(weight);
        }

        resumed.Restore("w", sgd.Buffers["w"]);
        Gradient(other, 1);
        sgd.Step(Rate);
        resumed.Step(Rate);
        Assert.Equal(weight.item<double>(), other.item<double>());
    }

    private static Tensor Weight(double value) => tensor(value).requires_grad_();

    private static void Gradient(Tensor weight, double gradient)
    {
        using var scope = NewDisposeScope();
        weight.grad?.zero_();
        (weight * gradient).backward();
    }
}

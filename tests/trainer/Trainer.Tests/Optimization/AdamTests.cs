using IntraDA.Learning.Networks;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Optimization;

public sealed class AdamTests
{
    [Fact]
    public void Steps_are_those_of_the_paper()
    {
        using var scope = NewDisposeScope();
        var weight = Tensors(1.0);
        using var adam = new Adam(weight);
        double w = 1, mean = 0, square = 0;
        double[] gradients = [0.5, -2, 3];
        for (var step = 1; step <= gradients.Length; step++)
        {
            var g = gradients[step - 1];
            Gradient(weight[0].Value, g);
            adam.Step(0.01 * step);
            (mean, square) = ((0.9 * mean) + (0.1 * g), (0.99 * square) + (0.01 * g * g));
            w -= 0.01 * step * (mean / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square / (1 - Math.Pow(0.99, step))) + 1e-8);
            Assert.Equal(w, weight[0].Value.item<double>(), 13);
        }
    }

    [Fact]
    public void The_first_step_is_the_rate_whatever_the_gradients_size()
    {
        using var scope = NewDisposeScope();
        foreach (var gradient in new[] { 1e-3, 1, 1e3 })
        {
            var weight = Tensors(0.0);
            using var adam = new Adam(weight);
            Gradient(weight[0].Value, gradient);
            adam.Step(0.01);
            Assert.Equal(-0.01, weight[0].Value.item<double>(), 6);
        }
    }

    [Fact]
    public void Restored_moments_continue_where_they_were()
    {
        using var scope = NewDisposeScope();
        var (weight, other) = (Tensors(1.0), Tensors(1.0));
        using var adam = new Adam(weight);
        using var resumed = new Adam(other);
        Gradient(weight[0].Value, 0.7);
        adam.Step(0.01);
        using (no_grad())
        {
            other[0].Value.copy_(weight[0].Value);
        }

        var state = adam.State.ToDictionary(s => s.Name, s => s.Value);
        Assert.Equal(["w/mean", "w/square"], state.Keys.Order());
        resumed.Restore(adam.Steps, name => state[name]);
        Gradient(other[0].Value, 0.7);
        adam.Step(0.01);
        resumed.Step(0.01);
        Assert.Equal(weight[0].Value.item<double>(), other[0].Value.item<double>());
    }

    private static NetworkTensor[] Tensors(double value) => [new("w", ParameterKind.Weight, 1, tensor(value).requires_grad_(), Learned: true)];

    private static void Gradient(Tensor weight, double gradient)
    {
        using var scope = NewDisposeScope();
        weight.grad?.zero_();
        (weight * gradient).backward();
    }
}

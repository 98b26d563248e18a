using IntraDA.Learning.Networks;
using IntraDA.Learning.Numbers;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Optimization;

/// <summary>Adam (Kingma and Ba, ICLR 2015) as PyTorch computes it, without weight decay.</summary>
/// <param name="tensors">What is learned.</param>
/// <param name="beta1">Decay of the first moment; 0.9 for the discriminators.</param>
/// <param name="beta2">Decay of the second moment; 0.99 for the discriminators.</param>
public sealed class Adam(IReadOnlyList<NetworkTensor> tensors, double beta1 = 0.9, double beta2 = 0.99) : IDisposable
{
    private const double Epsilon = 1e-8;

    private readonly List<(Tensor Mean, Tensor Square)> _moments =
        [.. tensors.Select(t => (zeros_like(t.Value).DetachFromDisposeScope(), zeros_like(t.Value).DetachFromDisposeScope()))];

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>First and second moments by name, for a checkpoint.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => tensors
        .Select((t, i) => (t.Name, _moments[i]))
        .SelectMany(t => new[] { ($"{t.Name}/mean", t.Item2.Mean), ($"{t.Name}/square", t.Item2.Square) });

    /// <summary>Updates every tensor that has a gradient.</summary>
    /// <param name="learningRate">Rate of this iteration.</param>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Steps++;
        var rate = learningRate / (1 - Math.Pow(beta1, Steps));
        var correction = Math.Sqrt(1 - Math.Pow(beta2, Steps));
        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Value.grad is not { } gradient)
            {
                continue;
            }

            var (mean, square) = _moments[i];
            mean.TimesInPlace(beta1).PlusInPlace(gradient, 1 - beta1);
            square.TimesInPlace(beta2).PlusProductInPlace(gradient, gradient, 1 - beta2);
            var denominator = square.sqrt().OverInPlace(correction).PlusInPlace(Epsilon);
            tensors[i].Value.PlusQuotientInPlace(mean, denominator, -rate);
        }
    }

    /// <summary>Forgets all gradients; the next backward pass then stores instead of adding to zeros.</summary>
    public void ZeroGradients()
    {
        foreach (var tensor in tensors)
        {
            tensor.Value.grad = null;
        }
    }

    /// <summary>Puts saved moments back.</summary>
    /// <param name="steps">Steps taken when they were saved.</param>
    /// <param name="read">Gives the values saved under a name of <see cref="State"/>; they are copied.</param>
    public void Restore(long steps, Func<string, Tensor> read)
    {
        using var noGradient = no_grad();
        Steps = steps;
        foreach (var (name, value) in State)
        {
            value.copy_(read(name));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (mean, square) in _moments)
        {
            mean.Dispose();
            square.Dispose();
        }

        _moments.Clear();
    }
}

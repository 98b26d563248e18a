using IntraDA.Learning.Numbers;
using IntraDA.Learning.Updates;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Optimization;

/// <summary>
/// SGD with momentum and weight decay as PyTorch computes it, and with its behaviour for a parameter that stands in its list more
/// than once: each repeat updates it again with the same gradient, sharing the momentum buffer, except in the first step, where
/// each repeat starts a buffer of its own and the last one stays.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="momentum">0..1.</param>
/// <param name="weightDecay">At least 0.</param>
public sealed class MomentumSgd(IReadOnlyList<SgdParameter> parameters, double momentum, double weightDecay) : IDisposable
{
    private readonly Dictionary<string, Tensor> _buffers = [];

    /// <summary>What is learned.</summary>
    public IReadOnlyList<SgdParameter> Parameters { get; } = parameters;

    /// <summary>Momentum buffers by parameter name; empty before the first step.</summary>
    public IReadOnlyDictionary<string, Tensor> Buffers => _buffers;

    /// <summary>Updates every parameter that has a gradient.</summary>
    /// <param name="learningRate">Rate of this iteration, before each parameter's factor.</param>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var parameter in Parameters)
        {
            if (parameter.Value.grad is not { } gradient)
            {
                continue;
            }

            var rate = learningRate * parameter.RateFactor;
            var first = !_buffers.TryGetValue(parameter.Name, out var buffer);
            buffer ??= _buffers[parameter.Name] = zeros_like(parameter.Value).DetachFromDisposeScope();
            if (DenseUpdates.Takes(parameter.Value, gradient, buffer))
            {
                DenseUpdates.Momentum(parameter.Value, gradient, buffer, new MomentumUpdate(
                    (float)rate, (float)momentum, (float)weightDecay, parameter.Repeats, Starts: first));
                continue;
            }

            for (var repeat = 0; repeat < parameter.Repeats; repeat++)
            {
                buffer.TimesInPlace(first ? 0 : momentum).PlusInPlace(gradient.clone().PlusInPlace(parameter.Value, weightDecay), 1);
                parameter.Value.PlusInPlace(buffer, -rate);
            }
        }
    }

    /// <summary>Forgets all gradients; the next backward pass then stores instead of adding to zeros.</summary>
    public void ZeroGradients()
    {
        foreach (var parameter in Parameters)
        {
            parameter.Value.grad = null;
        }
    }

    /// <summary>Puts a saved buffer back.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="values">The buffer's values; copied.</param>
    public void Restore(string name, Tensor values)
    {
        var parameter = Parameters.First(p => p.Name == name).Value;
        using var noGradient = no_grad();
        if (!_buffers.TryGetValue(name, out var buffer))
        {
            _buffers[name] = buffer = zeros_like(parameter).DetachFromDisposeScope();
        }

        buffer.copy_(values);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}

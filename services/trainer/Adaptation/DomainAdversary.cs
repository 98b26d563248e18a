using IntraDA.Learning.Entropy;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Trainer.Adaptation;

/// <summary>
/// A discriminator with its optimiser: it pulls target maps towards source maps, and learns to tell them apart (Vu et al.,
/// CVPR 2019, equations 6 to 8). Source is 0, target is 1.
/// </summary>
/// <param name="discriminator">The discriminator; owned from here on.</param>
/// <param name="name">"main" or "aux": prefix in checkpoints.</param>
public sealed class DomainAdversary(Discriminator discriminator, string name) : IDisposable
{
    private const double SourceDomain = 0;
    private const double TargetDomain = 1;

    private readonly Adam _optimizer = new(discriminator.Tensors);

    /// <summary>The discriminator.</summary>
    public Discriminator Discriminator { get; } = discriminator;

    /// <summary>Forgets the discriminator's gradients.</summary>
    public void ZeroGradients() => _optimizer.ZeroGradients();

    /// <summary>How well target maps pass for source maps; gradients reach the segmentation network only.</summary>
    /// <param name="targetMap">Self-information maps with their graph, <c>[N, C, H, W]</c>.</param>
    /// <returns>A scalar.</returns>
    public Tensor Fool(Tensor targetMap)
    {
        Discriminator.SetLearning(false);
        return Loss(targetMap, SourceDomain);
    }

    /// <summary>Adds the discriminator's own gradients.</summary>
    /// <param name="sourceLogits">Upsampled logits, detached.</param>
    /// <param name="targetMap">Self-information maps; detached here.</param>
    /// <returns>Half the loss on the source and half the loss on the target, as published.</returns>
    public (double Source, double Target) Learn(Tensor sourceLogits, Tensor targetMap)
    {
        using var scope = NewDisposeScope();
        Discriminator.SetLearning(true);
        var source = Loss(SelfInformation.MapOfLogits(sourceLogits), SourceDomain) / 2;
        source.backward();
        var target = Loss(targetMap.detach(), TargetDomain) / 2;
        target.backward();
        return (source.ToDouble(), target.ToDouble());
    }

    /// <summary>Updates the discriminator.</summary>
    /// <param name="learningRate">Rate of this iteration.</param>
    public void Step(double learningRate) => _optimizer.Step(learningRate);

    /// <summary>Adds weights and moments to a checkpoint.</summary>
    /// <param name="tensors">Receives the tensors.</param>
    /// <param name="counters">Receives the step count.</param>
    public void Capture(IDictionary<string, Tensor> tensors, IDictionary<string, long> counters)
    {
        foreach (var tensor in Discriminator.Tensors)
        {
            tensors[$"discriminator/{name}/{tensor.Name}"] = tensor.Value;
        }

        foreach (var (key, value) in _optimizer.State)
        {
            tensors[$"adam/{name}/{key}"] = value;
        }

        counters[$"adam/{name}"] = _optimizer.Steps;
    }

    /// <summary>Takes weights and moments from a checkpoint.</summary>
    /// <param name="state">The checkpoint.</param>
    public void Restore(StepState state)
    {
        using (no_grad())
        {
            foreach (var tensor in Discriminator.Tensors)
            {
                tensor.Value.copy_(state.Tensors[$"discriminator/{name}/{tensor.Name}"]);
            }
        }

        _optimizer.Restore(state.Counters[$"adam/{name}"], key => state.Tensors[$"adam/{name}/{key}"]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _optimizer.Dispose();
        Discriminator.Dispose();
    }

    private Tensor Loss(Tensor map, double domain)
    {
        var logits = Discriminator.Forward(map);
        // float32 even where the network is float64: the published code builds its targets so, and torch then rounds the loss to
        // float32. That is 1e-7 of the loss, as much as the comparison with the published numbers allows for.
        return functional.binary_cross_entropy_with_logits(logits, full_like(logits, domain, ScalarType.Float32));
    }
}

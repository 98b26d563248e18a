using IntraDA.Learning.Entropy;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Numbers;
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

    /// <summary>
    /// Runs the discriminator on target maps, once for both sides of the game: what the maps are blamed for and what the discriminator learns are
    /// two losses of the same logits, because its weights move only at the end of the iteration.
    /// </summary>
    /// <param name="targetMap">Self-information maps, <c>[N, C, H, W]</c>; their own graph is left alone.</param>
    /// <returns>The logits with their graph.</returns>
    public Judgement Judge(Tensor targetMap)
    {
        Discriminator.SetLearning(true);
        var map = targetMap.detach();
        map.requires_grad = true;
        return new Judgement(map, Discriminator.Forward(map));
    }

    /// <summary>How well target maps pass for source maps.</summary>
    /// <param name="judgement">What <see cref="Judge"/> gave.</param>
    /// <param name="weight">Weight of the term in the network's loss.</param>
    /// <returns>The unweighted loss, and the gradient of the weighted one with respect to the maps; the discriminator gets none.</returns>
    public static (double Loss, Tensor Gradient) Fool(Judgement judgement, double weight)
    {
        var loss = Loss(judgement.Logits, SourceDomain);
        // The graph stays for what the discriminator learns of it.
        var gradient = autograd.grad([loss.Times(weight)], [judgement.Map], null, retain_graph: true)[0];
        return (loss.ToDouble(), gradient);
    }

    /// <summary>Adds the discriminator's own gradients.</summary>
    /// <param name="sourceLogits">Upsampled logits, detached.</param>
    /// <param name="judgement">What <see cref="Judge"/> gave for the target maps; used up.</param>
    /// <returns>Half the loss on the source and half the loss on the target, as published.</returns>
    public (double Source, double Target) Learn(Tensor sourceLogits, Judgement judgement)
    {
        using var scope = NewDisposeScope();
        var source = Loss(Discriminator.Forward(SelfInformation.MapOfLogits(sourceLogits)), SourceDomain).Over(2);
        source.backward();
        var target = Loss(judgement.Logits, TargetDomain).Over(2);
        // Asked for by name, so that nothing is computed for the maps a second time.
        var weights = Discriminator.Tensors.Select(t => t.Value).ToList();
        foreach (var (weight, gradient) in weights.Zip(autograd.grad([target], weights)))
        {
            weight.grad!.PlusInPlace(gradient, 1);
        }

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

    private static Tensor Loss(Tensor logits, double domain) =>
        // float32 even where the network is float64: the published code builds its targets so, and torch then rounds the loss to
        // float32. That is 1e-7 of the loss, as much as the comparison with the published numbers allows for.
        functional.binary_cross_entropy_with_logits(logits, full_like(logits, domain, ScalarType.Float32));
}

using IntraDA.Data.Manifests;
using IntraDA.Learning.Entropy;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Benchmarks.Training;

/// <summary>
/// AdvEnt as the published code iterates it: batch-first memory, gradients zeroed and added to, each discriminator run anew for every loss, and
/// optimisers that touch every tensor once for every operation.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="main">Discriminator of the main classifier.</param>
/// <param name="aux">Discriminator of the auxiliary classifier.</param>
/// <param name="weights">Weights of the terms.</param>
internal sealed class PlainAdvEnt(SegmentationNetwork network, Discriminator main, Discriminator aux, LossWeights weights) : IDisposable
{
    private const double Momentum = 0.9;
    private const double Decay = 5e-4;
    private const double HeadFactor = 10;

    private readonly List<NetworkTensor> _learned = [.. network.Tensors.Where(t => t.Learned)];
    private readonly Dictionary<string, Tensor> _buffers = [];
    private readonly Trainer.Optimization.Adam _mainOptimizer = new(main.Tensors);
    private readonly Trainer.Optimization.Adam _auxOptimizer = new(aux.Tensors);

    /// <summary>Runs one iteration.</summary>
    /// <param name="batch">Source and target.</param>
    /// <param name="rates">Learning rates.</param>
    /// <returns>The terms in the order of the library's step.</returns>
    public double[] Step(TrainingBatch batch, LearningRates rates)
    {
        using var scope = NewDisposeScope();
        Zero(_learned);
        Zero(main.Tensors);
        Zero(aux.Tensors);
        main.SetLearning(false);
        aux.SetLearning(false);

        var source = Forward(batch.Labelled[0].Images);
        var segMain = functional.cross_entropy(source.Main, batch.Labelled[0].Labels, ignore_index: ClassList.Ignore);
        var segAux = functional.cross_entropy(source.Aux, batch.Labelled[0].Labels, ignore_index: ClassList.Ignore);
        ((segMain * weights.SegMain) + (segAux * weights.SegAux)).backward();

        var target = Forward(batch.Unlabelled!);
        var advAux = Domain(aux, target.Aux, 0);
        var advMain = Domain(main, target.Main, 0);
        ((advMain * weights.TargetMain) + (advAux * weights.TargetAux)).backward();

        main.SetLearning(true);
        aux.SetLearning(true);
        var (mainSource, mainTarget) = (Learn(main, source.Main, 0), Learn(main, target.Main, 1));
        var (auxSource, auxTarget) = (Learn(aux, source.Aux, 0), Learn(aux, target.Aux, 1));

        Descend(rates.Network);
        _mainOptimizer.Step(rates.Discriminator);
        _auxOptimizer.Step(rates.Discriminator);
        return [segMain.ToDouble(), segAux.ToDouble(), advMain.ToDouble(), advAux.ToDouble(), mainSource, mainTarget, auxSource, auxTarget];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }

        _mainOptimizer.Dispose();
        _auxOptimizer.Dispose();
    }

    private static void Zero(IEnumerable<NetworkTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.Value.grad?.zero_();
        }
    }

    private static Tensor Domain(Discriminator discriminator, Tensor logits, double domain)
    {
        var judged = discriminator.Forward(SelfInformation.MapOfLogits(logits));
        return functional.binary_cross_entropy_with_logits(judged, full_like(judged, domain));
    }

    private static double Learn(Discriminator discriminator, Tensor logits, double domain)
    {
        var loss = Domain(discriminator, logits.detach(), domain) / 2;
        loss.backward();
        return loss.ToDouble();
    }

    private (Tensor Main, Tensor Aux) Forward(Tensor images)
    {
        var output = network.Forward(images, NormMode.Train, aux: true);
        var (width, height) = (images.shape[3], images.shape[2]);
        return (LogitUpsampling.To(output.Main, width, height), LogitUpsampling.To(output.Aux!, width, height));
    }

    private void Descend(double rate)
    {
        using var noGradient = no_grad();
        foreach (var (name, _, _, value, _) in _learned)
        {
            if (value.grad is not { } gradient)
            {
                continue;
            }

            // As torch.optim.SGD's loop: decay into a copy, then the buffer, then the value.
            var decayed = gradient.add(value, alpha: Decay);
            if (_buffers.TryGetValue(name, out var buffer))
            {
                buffer.mul_(Momentum).add_(decayed);
            }
            else
            {
                buffer = _buffers[name] = decayed.clone().DetachFromDisposeScope();
            }

            value.add_(buffer, alpha: -rate * (SegmentationNetwork.IsHead(name) ? HeadFactor : 1));
        }
    }
}

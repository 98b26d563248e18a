using Grpc.Core;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Data;
using MinEntTrainer.Networks;
using MinEntTrainer.Service;
using TorchSharp;
using static TorchSharp.torch;

namespace MinEntTrainer.Learning;

/// <summary>
/// A network in training: cross-entropy on the labelled sets plus, for MINENT, the entropy of the unlabelled one (Vu et al., CVPR 2019, equation 4),
/// by SGD with momentum under the poly schedule.
/// </summary>
internal sealed class Session : IDisposable
{
    private const long Ignore = 255;
    private const string NetworkPart = "network/";
    private const string MomentumPart = "momentum/";

    private readonly TrainingOptions _options;
    private readonly IReadOnlyList<(SampleSet Set, double Weight)> _labelled;
    private readonly SampleSet? _unlabelled;
    private readonly BatchMaker _batches;
    private readonly Dictionary<string, Tensor> _momentum = [];

    /// <summary>Begins with a network as it is.</summary>
    /// <param name="network">The network; owned from here on.</param>
    /// <param name="options">All options.</param>
    /// <param name="labelled">Labelled sets with the factors on their cross-entropy.</param>
    /// <param name="unlabelled">The unlabelled set; null for SOURCE_ONLY.</param>
    public Session(CompactNetwork network, TrainingOptions options, IReadOnlyList<(SampleSet Set, double Weight)> labelled, SampleSet? unlabelled)
    {
        (Network, _options, _labelled, _unlabelled) = (network, options, labelled, unlabelled);
        _batches = new BatchMaker(options.Seed, options.BatchSize, options.Flip, options.PhotometricAugmentation);
        foreach (var parameter in network.Parameters)
        {
            _momentum[parameter.Name] = zeros_like(parameter.Value).DetachFromDisposeScope();
        }
    }

    /// <summary>The network.</summary>
    public CompactNetwork Network { get; }

    /// <summary>Iterations finished.</summary>
    public int Iteration { get; private set; }

    /// <summary>Does one iteration.</summary>
    /// <param name="cancellationToken">Cancels before its arithmetic begins.</param>
    /// <returns>Its terms by name.</returns>
    /// <exception cref="Refusal">FAILED_PRECONDITION <c>TRAINING_DIVERGED</c>: a loss is no number any more.</exception>
    public async Task<IReadOnlyDictionary<string, double>> StepAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var terms = new Dictionary<string, double>();
        foreach (var parameter in Network.Parameters)
        {
            parameter.Value.grad = null;
        }

        var (main, aux) = ("seg_main", "seg_aux");
        foreach (var (set, weight) in _labelled)
        {
            var (images, labels) = await _batches.MakeAsync(set, Iteration, cancellationToken);
            using (images)
            using (labels)
            {
                Backward(images, logits => CrossEntropy(logits, labels!), (main, weight * _options.LambdaSegMain), (aux, weight * _options.LambdaSegAux), terms);
            }

            (main, aux) = ("seg_kept_main", "seg_kept_aux");
        }

        if (_unlabelled is not null)
        {
            var (images, _) = await _batches.MakeAsync(_unlabelled, Iteration, cancellationToken);
            using (images)
            {
                Backward(images, Entropy, ("ent_main", _options.LambdaTargetMain), ("ent_aux", _options.LambdaTargetAux), terms);
            }
        }

        // Nothing brings such a network back, and whatever is stored of it would be used.
        if (terms.FirstOrDefault(term => !double.IsFinite(term.Value)) is { Key: { } name })
        {
            throw Diverged($"The loss {name} is no number at iteration {Iteration + 1}");
        }

        var rate = _options.LearningRate * Math.Pow(1 - (Iteration / (double)_options.ScheduleIterations), _options.PolyPower);
        Descend(rate);
        Iteration++;
        terms["learning_rate"] = rate;
        return terms;
    }

    /// <summary>The network's weights.</summary>
    /// <returns>By name.</returns>
    /// <exception cref="Refusal">FAILED_PRECONDITION <c>TRAINING_DIVERGED</c>: one of them is no number any more.</exception>
    public Dictionary<string, (long[] Shape, byte[] Values)> Weights()
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in Network.Parameters)
        {
            if (!parameter.Value.detach().isfinite().all().ToBoolean())
            {
                throw Diverged($"{parameter.Name} holds values that are no numbers after iteration {Iteration}");
            }
        }

        return Network.Parameters.ToDictionary(p => p.Name, p => Copy(p.Value));
    }

    /// <summary>All that the next iteration depends on.</summary>
    /// <returns>By name.</returns>
    public IReadOnlyDictionary<string, (long[] Shape, byte[] Values)> State()
    {
        var state = Weights().ToDictionary(weight => NetworkPart + weight.Key, weight => weight.Value);
        foreach (var (name, value) in _momentum)
        {
            state[MomentumPart + name] = Copy(value);
        }

        return state;
    }

    /// <summary>Goes back to a state.</summary>
    /// <param name="state">What <see cref="State"/> gave.</param>
    /// <param name="iteration">Iterations behind it.</param>
    /// <exception cref="InvalidDataException">It is the state of another network; nothing has changed.</exception>
    public void Restore(IReadOnlyDictionary<string, (long[] Shape, byte[] Values)> state, int iteration)
    {
        foreach (var (part, name, value) in Parts())
        {
            if (!state.TryGetValue(part + name, out var saved) || !saved.Shape.AsSpan().SequenceEqual(value.shape))
            {
                throw new InvalidDataException($"{part}{name} is missing, or has another shape");
            }
        }

        foreach (var (part, name, value) in Parts())
        {
            Fill(value, state[part + name].Values);
        }

        Iteration = iteration;

        IEnumerable<(string Part, string Name, Tensor Value)> Parts() =>
            Network.Parameters.Select(p => (NetworkPart, p.Name, p.Value)).Concat(_momentum.Select(m => (MomentumPart, m.Key, m.Value)));
    }

    /// <summary>Puts values into a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="values">As many as it has.</param>
    public static void Fill(Tensor tensor, byte[] values)
    {
        using var noGradient = no_grad();
        using var source = empty(tensor.shape);
        values.CopyTo(source.bytes);
        tensor.copy_(source);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var value in _momentum.Values)
        {
            value.Dispose();
        }

        Network.Dispose();
    }

    // The mean over labelled pixels; 0, not NaN, where a batch has none.
    private static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var sum = nn.functional.cross_entropy(logits, labels, ignore_index: Ignore, reduction: nn.Reduction.Sum);
        using Scalar ignore = Ignore;
        return sum.Times(1.0 / Math.Max(labels.ne(ignore).sum().ToInt64(), 1));
    }

    // The mean over pixels of the entropy, 1 for a uniform distribution.
    private static Tensor Entropy(Tensor logits)
    {
        var logarithm = nn.functional.log_softmax(logits, 1);
        return (logarithm.exp() * logarithm).sum(1).mean().Times(-1 / Math.Log(logits.shape[1]));
    }

    private static (long[] Shape, byte[] Values) Copy(Tensor tensor)
    {
        using var values = tensor.detach().contiguous();
        return (tensor.shape, values.bytes.ToArray());
    }

    private static Refusal Diverged(string what) => new(
        StatusCode.FailedPrecondition, "TRAINING_DIVERGED", $"{what}: the training has diverged; lower the learning rate or the weights of the losses.");

    private void Backward(
        Tensor images, Func<Tensor, Tensor> loss, (string Name, double Weight) main, (string Name, double Weight) aux, Dictionary<string, double> terms)
    {
        using var scope = NewDisposeScope();
        var logits = Network.Forward(images, aux.Weight > 0);
        var value = loss(logits.Main);
        terms[main.Name] = value.ToDouble();
        var total = value.Times(main.Weight);
        if (logits.Aux is not null)
        {
            var auxValue = loss(logits.Aux);
            terms[aux.Name] = auxValue.ToDouble();
            total = total.Plus(auxValue.Times(aux.Weight));
        }

        total.backward();
    }

    private void Descend(double rate)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var parameter in Network.Parameters)
        {
            if (parameter.Value.grad is not { } gradient)
            {
                continue;
            }

            var momentum = _momentum[parameter.Name];
            momentum.Scale(_options.Momentum);
            momentum.Add(gradient, 1);
            momentum.Add(parameter.Value, _options.WeightDecay);
            parameter.Value.Add(momentum, -rate * (parameter.IsHead ? _options.HeadLearningRateFactor : 1));
        }
    }
}

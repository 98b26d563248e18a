using IntraDA.Contracts.Trainer.V1;
using IntraDA.Learning.Devices;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Loading;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Training;

/// <summary>Network, optimiser, method and loaders of one job. One call of <see cref="StepAsync"/> is one iteration.</summary>
public sealed class TrainingSession : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly MomentumSgd _optimizer;
    private readonly IAdaptationStep _step;
    private readonly List<(BatchLoader Loader, PlannedSet Set)> _labelled;
    private readonly BatchLoader? _unlabelled;
    private readonly PolySchedule _schedule;
    private readonly TorchThread _thread = new("training");
    private (int Iteration, Task<IReadOnlyList<LoadedSet>> Sets)? _prefetched;

    /// <summary>Creates a session around a network with its initial weights.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="network">The network; owned from here on.</param>
    /// <param name="labelled">The samples of the plan's labelled sets, in its order.</param>
    /// <param name="unlabelled">The plan's unlabelled set.</param>
    public TrainingSession(
        TrainingPlan plan, SegmentationNetwork network, IReadOnlyList<ISampleSet> labelled, ISampleSet? unlabelled)
    {
        _plan = plan;
        Network = network;
        _optimizer = new MomentumSgd([.. network.Tensors.Where(t => t.Learned).Select(Parameter)], plan.Momentum, plan.WeightDecay);
        _step = CreateStep();
        var settings = new BatchSettings(plan.Seed, plan.BatchSize, plan.Flip, plan.Photometric);
        _labelled = [.. labelled.Select((samples, i) => (new BatchLoader(samples, settings, network.Placement), plan.Labelled[i]))];
        _unlabelled = unlabelled is null ? null : new BatchLoader(unlabelled, settings, network.Placement);
        _schedule = new PolySchedule(plan.ScheduleIterations, plan.PolyPower);
    }

    /// <summary>The network as it stands.</summary>
    public SegmentationNetwork Network { get; }

    /// <summary>Iterations finished.</summary>
    public int Iteration { get; private set; }

    /// <summary>Runs the next iteration.</summary>
    /// <param name="cancellationToken">Cancels before the iteration's arithmetic begins.</param>
    /// <returns>The loss terms, and the network's learning rate.</returns>
    public async Task<(IReadOnlyList<LossTerm> Terms, double LearningRate)> StepAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sets = await TakeSetsAsync(cancellationToken).ConfigureAwait(false);
        var next = Iteration + 1;
        if (next < _plan.Iterations)
        {
            _prefetched = (next, Task.Run(() => LoadAsync(next, cancellationToken), cancellationToken));
        }

        return await _thread.RunAsync(() => Step(sets)).ConfigureAwait(false);
    }

    /// <summary>All state that the next iteration depends on, beside the plan.</summary>
    /// <returns>Tensors of network, optimiser and method, still owned here.</returns>
    public StepState CaptureState()
    {
        var own = _step.CaptureState();
        var tensors = new Dictionary<string, Tensor>(own.Tensors);
        foreach (var tensor in Network.Tensors)
        {
            tensors[$"network/{tensor.Name}"] = tensor.Value;
        }

        foreach (var (name, buffer) in _optimizer.Buffers)
        {
            tensors[$"sgd/{name}"] = buffer;
        }

        return new StepState(tensors, new Dictionary<string, long>(own.Counters) { ["iteration"] = Iteration });
    }

    /// <summary>Goes back to captured state.</summary>
    /// <param name="state">What <see cref="CaptureState"/> gave, in this run or an earlier one.</param>
    public void RestoreState(StepState state)
    {
        using (no_grad())
        {
            foreach (var tensor in Network.Tensors)
            {
                tensor.Value.copy_(state.Tensors[$"network/{tensor.Name}"]);
            }
        }

        foreach (var (name, buffer) in state.Tensors.Where(t => t.Key.StartsWith("sgd/", StringComparison.Ordinal)))
        {
            _optimizer.Restore(name["sgd/".Length..], buffer);
        }

        _step.RestoreState(state);
        Iteration = (int)state.Counters["iteration"];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _thread.Dispose();
        _step.Dispose();
        _optimizer.Dispose();
        Network.Dispose();
    }

    private SgdParameter Parameter(NetworkTensor tensor) => new(
        tensor.Name,
        tensor.Value,
        SegmentationNetwork.IsHead(tensor.Name) ? _plan.HeadRateFactor : 1,
        _plan.PublishedUpdates ? Network.PublishedMultiplicity(tensor.Name) : 1);

    private IAdaptationStep CreateStep() => _plan.Method switch
    {
        AdaptationMethod.SourceOnly => new SourceOnlyStep(Network, _optimizer, _plan.Weights),
        AdaptationMethod.Minent => new MinEntStep(Network, _optimizer, _plan.Weights),
        AdaptationMethod.Advent => new AdvEntStep(
            Network, _optimizer, _plan.Weights, Adversary("main"), _plan.Weights.UsesAux ? Adversary("aux") : null),
        AdaptationMethod.ReEstimateNormalization => new RenormalizationStep(Network),
        _ => throw new ArgumentOutOfRangeException(nameof(_plan), _plan.Method, "The planner lets no other method pass."),
    };

    private DomainAdversary Adversary(string role)
    {
        var discriminator = new Discriminator(Network.Classes, _plan.DiscriminatorWidth, Network.Placement);
        WeightInitializer.Initialize(discriminator, _plan.Seed, role);
        return new DomainAdversary(discriminator, role);
    }

    private (IReadOnlyList<LossTerm> Terms, double LearningRate) Step(IReadOnlyList<LoadedSet> sets)
    {
        using var scope = NewDisposeScope();
        var rates = new LearningRates(_schedule.Rate(_plan.LearningRate, Iteration), _schedule.Rate(_plan.DiscriminatorRate, Iteration));
        var terms = _step.Step(Assemble(sets), rates);
        Iteration++;
        return (terms, rates.Network);
    }

    private TrainingBatch Assemble(IReadOnlyList<LoadedSet> sets)
    {
        var labelled = _labelled.Select(
            (set, i) => set.Loader.Assemble(sets[i], set.Set.Weight) with { AdversaryOnly = set.Set.AdversaryOnly });
        return new TrainingBatch([.. labelled], _unlabelled is null ? null : _unlabelled.Assemble(sets[^1], weight: 1).Images);
    }

    private async Task<IReadOnlyList<LoadedSet>> TakeSetsAsync(CancellationToken cancellationToken)
    {
        var prefetched = _prefetched;
        _prefetched = null;
        return prefetched is { } ready && ready.Iteration == Iteration
            ? await ready.Sets.ConfigureAwait(false)
            : await LoadAsync(Iteration, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<LoadedSet>> LoadAsync(int iteration, CancellationToken cancellationToken)
    {
        var sets = new List<LoadedSet>(_labelled.Count + 1);
        foreach (var loader in _labelled.Select(set => set.Loader).Concat(_unlabelled is null ? [] : [_unlabelled]))
        {
            sets.Add(await loader.LoadAsync(iteration, cancellationToken).ConfigureAwait(false));
        }

        return sets;
    }
}

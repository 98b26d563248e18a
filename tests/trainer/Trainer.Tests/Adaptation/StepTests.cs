using IntraDA.Data.Manifests;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Adaptation;

public sealed class StepTests : IDisposable
{
    private static readonly LearningRates Rates = new(0.01, 0.001);

    private readonly Toy _toy = new();

    [Fact]
    public void Source_only_training_lowers_the_cross_entropy_of_both_classifiers()
    {
        using var step = new SourceOnlyStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0.5, 0, 0));
        var batch = new TrainingBatch([Toy.Labelled(1)], null);
        var first = step.Step(batch, Rates);
        var last = Repeat(step, batch, 25);
        Assert.InRange(Toy.Value(last, LossKind.SegMain), 0, 0.5 * Toy.Value(first, LossKind.SegMain));
        Assert.InRange(Toy.Value(last, LossKind.SegAux), 0, 0.7 * Toy.Value(first, LossKind.SegAux));
    }

    [Fact]
    public void Labels_that_are_all_ignored_give_zero_loss_and_finite_unchanged_weights()
    {
        var before = _toy.Snapshot();
        using var step = new SourceOnlyStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0.1, 0, 0));
        var batch = new LabelledBatch(Toy.Images(1, 50), full([1, Toy.Side, Toy.Side], ClassList.Ignore, ScalarType.Int64));
        var terms = step.Step(new TrainingBatch([batch], null), Rates);
        Assert.All(terms, term => Assert.Equal(0, term.Value));
        Assert.All(_toy.Network.Tensors, t => Assert.Equal(before[t.Name], t.Value.detach().bytes.ToArray()));
    }

    [Fact]
    public void Ignored_pixels_do_not_enter_the_mean()
    {
        using var step = new SourceOnlyStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0, 0, 0));
        var whole = Toy.Labelled(1);
        var half = whole.Labels.clone();
        half.narrow(2, Toy.Side / 2, Toy.Side / 2).fill_(ClassList.Ignore);
        var other = whole.Labels.clone();
        other.narrow(2, 0, Toy.Side / 2).fill_(ClassList.Ignore);
        double Loss(Tensor labels) => Toy.Value(step.Step(new TrainingBatch([whole with { Labels = labels }], null), new LearningRates(0, 0)), LossKind.SegMain);
        Assert.Equal(Loss(whole.Labels), (Loss(half) + Loss(other)) / 2, 5);
    }

    [Fact]
    public void A_kept_source_has_terms_of_its_own_and_counts_with_its_weight()
    {
        using var twice = new Toy();
        using var single = new SourceOnlyStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0.1, 0, 0));
        using var both = new SourceOnlyStep(twice.Network, twice.Optimizer, new LossWeights(1, 0.1, 0, 0));
        var set = Toy.Labelled(1);
        single.Step(new TrainingBatch([set with { Weight = 3 }], null), Rates);
        var terms = both.Step(new TrainingBatch([set, set with { Weight = 2 }], null), Rates);
        Assert.Equal(
            [LossKind.SegMain, LossKind.SegAux, LossKind.SegKeptMain, LossKind.SegKeptAux], terms.Select(t => t.Kind));
        foreach (var (a, b) in _toy.Network.Tensors.Zip(twice.Network.Tensors))
        {
            Assert.True(allclose(a.Value, b.Value, 1e-4, 1e-6), a.Name);
        }
    }

    [Fact]
    public void A_set_for_the_adversary_alone_feeds_the_discriminator_but_its_labels_teach_nothing()
    {
        using var twin = new Toy();
        using var plain = AdvEnt(new LossWeights(1, 0.1, 0.01, 0.01));
        using var other = new AdvEntStep(
            twin.Network, twin.Optimizer, new LossWeights(1, 0.1, 0.01, 0.01), Toy.Adversary("main"), Toy.Adversary("aux"));
        var source = Toy.Labelled(1);
        var easy = Toy.Labelled(3) with { AdversaryOnly = true };
        var wrong = easy with { Labels = full_like(easy.Labels, 2) };
        var hard = Toy.Images(2, 10);
        var terms = plain.Step(new TrainingBatch([easy, source], hard), Rates);
        other.Step(new TrainingBatch([wrong, source], hard), Rates);
        Assert.Equal(
            [
                LossKind.SegMain, LossKind.SegAux, LossKind.AdvMain, LossKind.AdvAux, LossKind.DMainSource, LossKind.DMainTarget,
                LossKind.DAuxSource, LossKind.DAuxTarget,
            ],
            terms.Select(t => t.Kind));
        Assert.All(_toy.Network.Tensors.Zip(twin.Network.Tensors), pair => Assert.True(allclose(pair.First.Value, pair.Second.Value, 0, 0), pair.First.Name));

        // The same loss on the source as without the easy set, but another one of the discriminator: it sees the easy images.
        using var third = new Toy();
        using var alone = new AdvEntStep(
            third.Network, third.Optimizer, new LossWeights(1, 0.1, 0.01, 0.01), Toy.Adversary("main"), Toy.Adversary("aux"));
        var without = alone.Step(new TrainingBatch([source], hard), Rates);
        Assert.Equal(Toy.Value(without, LossKind.SegMain), Toy.Value(terms, LossKind.SegMain), 6);
        Assert.NotEqual(Toy.Value(without, LossKind.DMainSource), Toy.Value(terms, LossKind.DMainSource));
    }

    [Fact]
    public void A_published_network_learns_on_any_processor()
    {
        // Where oneDNN's kernels divide by zero the process ends, which no assertion can say: that this test ends is the point.
        using var network = Architectures.Build(Architectures.ResNet50, Toy.Classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, 1);
        using var optimizer = new MomentumSgd(
            [.. network.Tensors.Where(t => t.Learned).Select(t => new SgdParameter(t.Name, t.Value, 1, 1))], 0.9, 0);
        using var step = new SourceOnlyStep(network, optimizer, new LossWeights(1, 0.1, 0, 0));
        var terms = step.Step(new TrainingBatch([Toy.Labelled(1)], null), Rates);
        Assert.All(terms, term => Assert.InRange(term.Value, 0.1, 10));
    }

    [Fact]
    public void MinEnt_lowers_the_entropy_of_the_target()
    {
        using var step = new MinEntStep(_toy.Network, _toy.Optimizer, new LossWeights(0, 0, 1, 0.5));
        var batch = new TrainingBatch([Toy.Labelled(1)], Toy.Images(2, 30));
        var first = step.Step(batch, Rates);
        var last = Repeat(step, batch, 25);
        Assert.InRange(Toy.Value(first, LossKind.EntMain), 0.5, 1);
        Assert.InRange(Toy.Value(last, LossKind.EntMain), 0, 0.5 * Toy.Value(first, LossKind.EntMain));
        Assert.InRange(Toy.Value(last, LossKind.EntAux), 0, 0.8 * Toy.Value(first, LossKind.EntAux));
    }

    [Fact]
    public void The_adversary_learns_to_tell_domains_apart_while_the_network_rests()
    {
        using var step = AdvEnt(new LossWeights(1, 0.1, 1, 1));
        var batch = new TrainingBatch([Toy.Labelled(1)], Toy.Images(2, 10));
        var rates = new LearningRates(0, 0.01);
        var first = step.Step(batch, rates);
        var last = Repeat(step, batch, 60, rates);
        foreach (var (source, target) in new[] { (LossKind.DMainSource, LossKind.DMainTarget), (LossKind.DAuxSource, LossKind.DAuxTarget) })
        {
            Assert.InRange(Toy.Value(first, source) + Toy.Value(first, target), 0.5, 0.9);
            Assert.True(Toy.Value(last, source) + Toy.Value(last, target) < 0.9 * (Toy.Value(first, source) + Toy.Value(first, target)));
        }
    }

    [Fact]
    public void The_network_learns_to_fool_an_adversary_that_rests()
    {
        using var step = AdvEnt(new LossWeights(0, 0, 1, 1));
        var batch = new TrainingBatch([Toy.Labelled(1)], Toy.Images(2, 10));
        var rates = new LearningRates(0.05, 0);
        var first = step.Step(batch, rates);
        var last = Repeat(step, batch, 20, rates);
        Assert.True(Toy.Value(last, LossKind.AdvMain) < Toy.Value(first, LossKind.AdvMain));
        Assert.True(Toy.Value(last, LossKind.AdvAux) < Toy.Value(first, LossKind.AdvAux));
    }

    [Fact]
    public void Without_auxiliary_weights_the_auxiliary_classifier_takes_no_part_and_stays()
    {
        var before = _toy.Snapshot();
        using var step = new AdvEntStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0, 0.001, 0), Toy.Adversary("main"), auxAdversary: null);
        var terms = step.Step(new TrainingBatch([Toy.Labelled(1)], Toy.Images(2, 10)), Rates);
        Assert.Equal([LossKind.SegMain, LossKind.AdvMain, LossKind.DMainSource, LossKind.DMainTarget], terms.Select(t => t.Kind));
        foreach (var tensor in _toy.Network.Tensors)
        {
            Assert.Equal(
                tensor.Name.StartsWith("layer5.", StringComparison.Ordinal), before[tensor.Name].SequenceEqual(tensor.Value.detach().bytes.ToArray()));
        }
    }

    [Fact]
    public void Frozen_tensors_of_the_published_network_stay_and_its_statistics_move()
    {
        using var scope = NewDisposeScope();
        using var network = new DeepLabV2("small", [1, 1, 1, 1], Toy.Classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, 1);
        var before = network.Tensors.ToDictionary(t => t.Name, t => t.Value.detach().clone());
        using var optimizer = new MomentumSgd(
            [.. network.Tensors.Where(t => t.Learned).Select(t => new SgdParameter(t.Name, t.Value, 1, network.PublishedMultiplicity(t.Name)))], 0.9, 5e-4);
        using var step = new MinEntStep(network, optimizer, new LossWeights(1, 0.1, 0.001, 0.0002));
        step.Step(new TrainingBatch([Toy.Labelled(1)], Toy.Images(2, 10)), new LearningRates(0.1, 0));
        foreach (var tensor in network.Tensors)
        {
            var changed = !allclose(before[tensor.Name], tensor.Value, 0, 0);
            var isStatistic = tensor.Kind is ParameterKind.RunningMean or ParameterKind.RunningVariance or ParameterKind.BatchCount;
            Assert.True(changed == (tensor.Learned || isStatistic), tensor.Name);
            if (tensor.Kind == ParameterKind.BatchCount)
            {
                // One pass of each domain: the statistics mix both, as published.
                Assert.Equal(2, tensor.Value.item<long>());
            }
        }
    }

    [Fact]
    public void Re_estimation_changes_statistics_alone_and_ends_with_the_mean_over_the_batches()
    {
        using var scope = NewDisposeScope();
        using var network = new DeepLabV2("small", [1, 1, 1, 1], Toy.Classes, TensorPlacement.Cpu);
        WeightInitializer.Initialize(network, 1);
        var conv = network.Tensors.First(t => t.Name == "conv1.weight").Value;
        var before = conv.detach().clone();
        using var step = new RenormalizationStep(network);
        var means = new List<Tensor>();
        for (var i = 1UL; i <= 3; i++)
        {
            var images = Toy.Images(i, 10 * i);
            Assert.Empty(step.Step(new TrainingBatch([], images), Rates));
            means.Add(nn.functional.conv2d(images, conv, strides: [2, 2], padding: [3, 3]).mean([0, 2, 3]));
        }

        Assert.True(allclose(before, conv, 0, 0));
        var running = network.Tensors.First(t => t.Name == "bn1.running_mean").Value;
        Assert.True(allclose(running, stack(means).mean([0]), 1e-4, 1e-5));
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        using var advent = AdvEnt(new LossWeights(1, 0.1, 0.001, 0.0002));
        using var minent = new MinEntStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0.1, 0.001, 0.0002));
        using var source = new SourceOnlyStep(_toy.Network, _toy.Optimizer, new LossWeights(1, 0.1, 0, 0));
        var batch = new TrainingBatch([Toy.Labelled(1)], Toy.Images(2, 10));
        var easy = new TrainingBatch([Toy.Labelled(3) with { AdversaryOnly = true }, Toy.Labelled(1)], batch.Unlabelled);
        void All()
        {
            advent.Step(batch, Rates);
            advent.Step(easy, Rates);
            minent.Step(batch, Rates);
            source.Step(batch, Rates);
        }

        All();
        var before = Tensor.TotalCount;
        All();
        All();
        Assert.Equal(before, Tensor.TotalCount);
    }

    public void Dispose() => _toy.Dispose();

    private static IReadOnlyList<LossTerm> Repeat(IAdaptationStep step, TrainingBatch batch, int times, LearningRates? rates = null)
    {
        IReadOnlyList<LossTerm> terms = [];
        for (var i = 0; i < times; i++)
        {
            terms = step.Step(batch, rates ?? Rates);
        }

        return terms;
    }

    private AdvEntStep AdvEnt(LossWeights weights) =>
        new(_toy.Network, _toy.Optimizer, weights, Toy.Adversary("main"), Toy.Adversary("aux"));
}

using IntraDA.Learning.Networks;
using IntraDA.Parity.Tests.Fixtures;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests;

/// <summary>The published training runs, iteration by iteration, in float64.</summary>
public sealed class TrainingTests(ParityFixture parity, ITestOutputHelper output)
{
    private const double LossBound = 1e-7;
    private const double TensorBound = 1e-6;
    private const double LogitBound = 1e-6;

    private static readonly Dictionary<string, LossKind> PublishedNames = new()
    {
        ["loss_seg_src_main"] = LossKind.SegMain,
        ["loss_seg_src_aux"] = LossKind.SegAux,
        ["loss_adv_trg_main"] = LossKind.AdvMain,
        ["loss_adv_trg_aux"] = LossKind.AdvAux,
        ["loss_d_main"] = LossKind.DMainTarget,
        ["loss_d_aux"] = LossKind.DAuxTarget,
        ["loss_ent_main"] = LossKind.EntMain,
        ["loss_ent_aux"] = LossKind.EntAux,
    };

    public static TheoryData<string> Runs { get; } = [.. ParityFixture.Runs];

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_gives_the_published_losses_and_ends_with_the_published_tensors(string run)
    {
        var document = parity.Document;
        var expected = document.Training[run];
        var (method, published) = (run.Split('_')[0], run.EndsWith("_published", StringComparison.Ordinal));
        using var network = parity.Network(ParityFixture.Widened);
        using var optimizer = new MomentumSgd(
            [.. network.Tensors.Where(t => t.Learned).Select(t => new SgdParameter(
                t.Name,
                t.Value,
                SegmentationNetwork.IsHead(t.Name) ? document.HeadLearningRateFactor : 1,
                published ? network.PublishedMultiplicity(t.Name) : 1))],
            document.Momentum,
            document.WeightDecay);
        var discriminators = new List<Discriminator>();
        using var step = Step(method, network, optimizer, discriminators);

        var worst = 0.0;
        var schedule = new PolySchedule(document.ScheduleIterations, document.PolyPower);
        Assert.Equal(document.Iterations, expected.Losses.Count);
        for (var i = 0; i < document.Iterations; i++)
        {
            using var scope = NewDisposeScope();
            var rates = new LearningRates(schedule.Rate(document.LearningRate, i), schedule.Rate(document.DiscriminatorLearningRate, i));
            var terms = step.Step(Batch(i), rates).ToDictionary(t => t.Kind, t => t.Value);
            foreach (var (name, value) in expected.Losses[i])
            {
                var deviation = Deviation.Relative(terms[PublishedNames[name]], value);
                worst = Math.Max(worst, deviation);
                output.WriteLine($"{run} {i} {name}: {deviation:G3}");
            }
        }

        var worstTensor = Compare(network.Tensors, expected.NetworkMeanNorm, "network");
        Assert.Equal(expected.DiscriminatorsMeanNorm.Count, discriminators.Count);
        foreach (var (discriminator, means) in discriminators.Zip(expected.DiscriminatorsMeanNorm))
        {
            worstTensor = Math.Max(worstTensor, Compare(discriminator.Tensors, means, "discriminator"));
        }

        var logits = LogitsAfter(network, run);
        output.WriteLine($"{run}: losses {worst:G3}, tensors {worstTensor:G3}, logits afterwards {logits:G3}");
        Assert.True(worst <= LossBound, $"A loss of {run} is {worst:G3} off, the bound is {LossBound:G3}.");
        Assert.True(worstTensor <= TensorBound, $"A tensor's mean or norm after {run} is {worstTensor:G3} off, the bound is {TensorBound:G3}.");
        Assert.True(logits <= LogitBound, $"The logits after {run} are {logits:G3} off, the bound is {LogitBound:G3}.");
    }

    private IAdaptationStep Step(string method, DeepLabV2 network, MomentumSgd optimizer, List<Discriminator> discriminators)
    {
        var document = parity.Document;
        switch (method)
        {
            case "minent":
                return new MinEntStep(
                    network, optimizer, new LossWeights(document.LambdaSegMain, document.LambdaSegAux, document.LambdaEntMain, document.LambdaEntAux));
            case "advent":
                // The order of the fixtures: aux, then main.
                discriminators.AddRange([parity.Discriminator(ParityFixture.Widened), parity.Discriminator(ParityFixture.Widened)]);
                return new AdvEntStep(
                    network,
                    optimizer,
                    new LossWeights(document.LambdaSegMain, document.LambdaSegAux, document.LambdaAdvMain, document.LambdaAdvAux),
                    new DomainAdversary(discriminators[1], "main"),
                    new DomainAdversary(discriminators[0], "aux"));
            default:
                throw new InvalidDataException($"The fixtures hold a run of unknown method '{method}'.");
        }
    }

    private TrainingBatch Batch(int iteration)
    {
        var document = parity.Document;
        var targets = document.Images.Length - document.SourceCount;
        var source = iteration % document.SourceCount;
        var label = parity.Label(source);
        return new TrainingBatch(
            [new LabelledBatch(
                parity.Input(source, ParityFixture.Widened),
                tensor(label.TrainIds, [1, label.Height, label.Width]).to(ScalarType.Int64))],
            parity.Input(document.SourceCount + (iteration % targets), ParityFixture.Widened));
    }

    private double Compare(IReadOnlyList<NetworkTensor> tensors, IReadOnlyDictionary<string, double[]> expected, string what)
    {
        using var scope = NewDisposeScope();
        var worst = 0.0;
        var byName = tensors.ToDictionary(t => t.Name, t => t.Value);
        foreach (var (name, meanNorm) in expected)
        {
            var values = byName[name].detach().to(ScalarType.Float64);
            var mean = Deviation.Relative(values.mean().ToDouble(), meanNorm[0]);
            var norm = Deviation.Relative(values.square().sum().sqrt().ToDouble(), meanNorm[1]);
            if (Math.Max(mean, norm) > worst)
            {
                worst = Math.Max(mean, norm);
                output.WriteLine($"{what} {name}: mean {mean:G3}, norm {norm:G3}");
            }
        }

        return worst;
    }

    private double LogitsAfter(DeepLabV2 network, string run)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = network.Forward(parity.Array("image_0").unsqueeze(0).to(ScalarType.Float64), NormMode.Evaluate, aux: false);
        return Deviation.Relative(logits.Main, parity.Array($"{run}_main_after"));
    }
}

using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Networks;
using IntraDA.Parity.Tests.Fixtures;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Loading;
using IntraDA.Trainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests;

/// <summary>The published training runs, iteration by iteration, in float64, by the session that a job trains with.</summary>
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

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Runs))]
    public async Task A_run_gives_the_published_losses_and_ends_with_the_published_tensors(string run)
    {
        var document = parity.Document;
        var expected = document.Training[run];
        using var session = Session(run);
        // Their weights stand in what the session would save; the tensors themselves, not copies.
        var adversaries = Adversaries(session);
        foreach (var adversary in adversaries)
        {
            ClosedForm.Fill(adversary, document.DiscriminatorParameters, document.Seed);
        }

        var worst = 0.0;
        Assert.Equal(document.Iterations, expected.Losses.Count);
        for (var i = 0; i < document.Iterations; i++)
        {
            var (terms, _) = await session.StepAsync(TestContext.Current.CancellationToken);
            var values = terms.ToDictionary(term => term.Kind, term => term.Value);
            foreach (var (name, value) in expected.Losses[i])
            {
                var deviation = Beyond(values[PublishedNames[name]], value);
                worst = Math.Max(worst, deviation);
                output.WriteLine($"{run} {i} {name}: {Deviation.Relative(values[PublishedNames[name]], value):G3}");
            }
        }

        var worstTensor = Compare(session.Network.Tensors.ToDictionary(t => t.Name, t => t.Value), expected.NetworkMeanNorm, "network");
        var published = expected.DiscriminatorsMeanNorm ?? [];
        Assert.Equal(published.Count, adversaries.Count);
        foreach (var (adversary, means) in adversaries.Zip(published))
        {
            worstTensor = Math.Max(worstTensor, Compare(adversary, means, "discriminator"));
        }

        var logits = LogitsAfter(session.Network, run);
        output.WriteLine($"summary: {run}: losses {worst:G3}, tensors {worstTensor:G3}, logits afterwards {logits:G3}");
        Assert.True(worst <= LossBound, $"A loss of {run} is {worst:G3} off, the bound is {LossBound:G3}.");
        Assert.True(worstTensor <= TensorBound, $"A tensor's mean or norm after {run} is {worstTensor:G3} off, the bound is {TensorBound:G3}.");
        Assert.True(logits <= LogitBound, $"The logits after {run} are {logits:G3} off, the bound is {LogitBound:G3}.");
    }

    // The published adversarial losses are rounded to float32, whose steps are up to 1.2e-7 of a number: two right results that lie on
    // either side of the middle between two float32 numbers are one such step apart, and that step says nothing.
    private static double Beyond(double actual, double expected)
    {
        if (double.IsNaN(expected))
        {
            // A label that is all ignored: mended, docs/method.md, item 18.
            return actual == 0 ? 0 : double.PositiveInfinity;
        }

        var single = (float)expected;
        var step = single == expected ? Math.Max(MathF.BitIncrement(Math.Abs(single)) - Math.Abs(single), 0) : 0;
        return Math.Abs(actual - expected) <= step ? 0 : Deviation.Relative(actual, expected);
    }

    private static List<IReadOnlyDictionary<string, Tensor>> Adversaries(TrainingSession session)
    {
        var state = session.CaptureState().Tensors;
        // The order of the fixtures: aux, then main.
        return [.. new[] { "discriminator/aux/", "discriminator/main/" }
            .Select(prefix => (IReadOnlyDictionary<string, Tensor>)state
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value))
            .Where(tensors => tensors.Count > 0)];
    }

    private TrainingSession Session(string run)
    {
        var document = parity.Document;
        var (method, published) = (run.Split('_')[0], run.EndsWith("_published", StringComparison.Ordinal));
        var (target, aux) = method == "advent" ? (document.LambdaAdvMain, document.LambdaAdvAux) : (document.LambdaEntMain, document.LambdaEntAux);
        var classes = new ClassList { Names = [.. Enumerable.Range(0, document.Classes).Select(c => $"class {c}")], Palette = new byte[3 * document.Classes] };
        var manifest = new DatasetManifest { Name = "parity", Classes = classes, Items = [] };
        var plan = new TrainingPlan
        {
            Architecture = "parity",
            Classes = classes,
            Method = method switch
            {
                "minent" => AdaptationMethod.Minent,
                "advent" => AdaptationMethod.Advent,
                _ => throw new InvalidDataException($"The fixtures hold a run of unknown method '{method}'."),
            },
            Labelled = [new PlannedSet(manifest, Weight: 1)],
            Unlabelled = manifest,
            Iterations = document.Iterations,
            ScheduleIterations = document.ScheduleIterations,
            BatchSize = 1,
            LabelledSize = (document.Width, document.Height),
            UnlabelledSize = (document.Width, document.Height),
            LearningRate = document.LearningRate,
            HeadRateFactor = document.HeadLearningRateFactor,
            Momentum = document.Momentum,
            WeightDecay = document.WeightDecay,
            PolyPower = document.PolyPower,
            DiscriminatorRate = document.DiscriminatorLearningRate,
            DiscriminatorWidth = (int)document.DiscriminatorParameters[0].Shape[0],
            Weights = new LossWeights(document.LambdaSegMain, document.LambdaSegAux, target, aux),
            Flip = false,
            Photometric = false,
            PublishedUpdates = published,
            Seed = 0,
            CheckpointEvery = document.Iterations,
        };
        return new TrainingSession(
            plan,
            // As a trainer builds it on processors.
            parity.Network(ParityFixture.Widened with { FoldsDilations = true }),
            [new InOrder(parity, "labelled", 0, document.SourceCount, labelled: true)],
            new InOrder(parity, "unlabelled", document.SourceCount, document.Images.Length - document.SourceCount, labelled: false));
    }

    private double Compare(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, double[]> expected, string what)
    {
        using var scope = NewDisposeScope();
        var worst = 0.0;
        foreach (var (name, meanNorm) in expected)
        {
            var values = tensors[name].detach().to(ScalarType.Float64);
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

    private double LogitsAfter(SegmentationNetwork network, string run)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = network.Forward(parity.Array("image_0").unsqueeze(0).to(ScalarType.Float64), NormMode.Evaluate, aux: false);
        return Deviation.Relative(logits.Main, parity.Array($"{run}_main_after"));
    }

    /// <summary>The fixtures' images one after the other and again from the first, whatever order a session asks for.</summary>
    private sealed class InOrder(ParityFixture parity, string role, int first, int count, bool labelled) : ISampleSet
    {
        private int _next;

        public string Role => role;

        public int Count => count;

        public int Width => parity.Document.Width;

        public int Height => parity.Document.Height;

        public ValueTask<Sample> LoadAsync(int index, CancellationToken cancellationToken)
        {
            var at = first + ((Interlocked.Increment(ref _next) - 1) % count);
            return ValueTask.FromResult(new Sample(parity.Resized(at), labelled ? parity.Label(at).TrainIds : null));
        }
    }
}

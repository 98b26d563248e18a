using System.Text.Json.Nodes;
using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Torch;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Optimization;
using static TorchSharp.torch;

namespace IntraDA.Benchmarks.Training;

/// <summary>Iterations of AdvEnt: the published code's way against the trainer's step, from the same weights on the same batches.</summary>
internal sealed class TrainingBench : IBench
{
    private const int Classes = 19;
    private const int DiscriminatorWidth = 64;
    private const int LeastSteps = 10;

    // Seeded features are not pretrained ones. At the published rates and with larger branches their training is chaotic: weights that begin one
    // rounding apart give losses 0.1 apart within twelve steps of the plain way alone, and a discriminator that cannot tell the domains yet moves
    // by the signs of gradients near zero. None of the three changes the time.
    private const double NetworkRate = 2.5e-6;
    private const double ResidualGain = 0.05;
    private const double DiscriminatorRate = 1e-5;
    private const double MostFullDifference = 1e-4;
    private const double MostFullMovement = 0.02;

    // Two to three digits in every product; the curves of both precisions stay together, not each value.
    private const double MostMixedDifference = 0.05;
    private const double MostMixedMovement = 0.3;

    private static readonly LossKind[] Kinds =
    [
        LossKind.SegMain, LossKind.SegAux, LossKind.AdvMain, LossKind.AdvAux,
        LossKind.DMainSource, LossKind.DMainTarget, LossKind.DAuxSource, LossKind.DAuxTarget,
    ];

    /// <inheritdoc />
    public string Name => "training";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var precision = arguments.Choice("precision", "float32", "bfloat16");
        var width = arguments.Integer("width", 512, 64, 2048);
        var height = arguments.Integer("height", 256, 64, 1024);
        arguments.RefuseRest();
        var mixed = precision == "bfloat16";
        // The warm-up counts: whatever the number of pairs, the losses of at least ten steps are compared.
        var stepsPerRun = (LeastSteps + session.Pairs) / (session.Pairs + 1);

        session.Note($"preparing {Architectures.ResNet101} with seeded weights, {stepsPerRun} steps a run at {width}x{height}");
        var weights = new LossWeights(1, 0.1, 0.001, 0.0002);
        var rates = new LearningRates(NetworkRate, DiscriminatorRate);
        using var plainNetwork = SeededNetworks.Build(Architectures.ResNet101, Classes, width, height, ResidualGain);
        var ourPlacement = TensorPlacement.Cpu with { FoldsDilations = true, Products = mixed ? ScalarType.BFloat16 : null };
        using var ourNetwork = Copy(plainNetwork, ourPlacement);
        using var start = Copy(plainNetwork, TensorPlacement.Cpu);
        using var plainMain = Discriminator("main", TensorPlacement.Cpu);
        using var plainAux = Discriminator("aux", TensorPlacement.Cpu);
        using var plain = new PlainAdvEnt(plainNetwork, plainMain, plainAux, weights);
        using var optimizer = new MomentumSgd(
            [.. ourNetwork.Tensors.Where(t => t.Learned)
                .Select(t => new SgdParameter(t.Name, t.Value, SegmentationNetwork.IsHead(t.Name) ? 10 : 1, 1))],
            0.9,
            5e-4);
        using var ours = new AdvEntStep(
            ourNetwork,
            optimizer,
            weights,
            new DomainAdversary(Discriminator("main", ourNetwork.Placement), "main"),
            new DomainAdversary(Discriminator("aux", ourNetwork.Placement), "aux"));
        var (plainLosses, ourLosses) = (new List<double[]>(), new List<double[]>());
        var times = await session.MeasureAsync(
            token => Steps(plainLosses, batch => plain.Step(batch, rates), token),
            token => Steps(ourLosses, batch => Values(ours.Step(batch, rates)), token),
            cancellationToken).ConfigureAwait(false);

        var (loss, movement) = mixed ? (MostMixedDifference, MostMixedMovement) : (MostFullDifference, MostFullMovement);
        var agreement = Compare(plainLosses, ourLosses, loss, Movement(start, plainNetwork, ourNetwork), movement);

        // A backward pass multiplies as much as two forward passes, and both images pass; discriminators are left out.
        var work = 2 * 3 * DeepLabWork.Forward(width, height, Classes);
        var rate = MatrixRate.Measure(mixed ? ScalarType.BFloat16 : ScalarType.Float32, TimeProvider.System);
        var perStep = times.Per(stepsPerRun);
        return new BenchResult(perStep, agreement, new JsonObject
        {
            ["network"] = Architectures.ResNet101,
            ["method"] = "advent",
            ["width"] = width,
            ["height"] = height,
            ["steps_per_run"] = stepsPerRun,
            ["precision"] = precision,
            ["threads"] = get_num_threads(),
        })
        {
            PeakFraction = work / perStep.OursMedian / rate,
            Figures = new JsonObject { ["matrix_gflops"] = Math.Round(rate / 1e9, 1) },
        };

        Task Steps(List<double[]> losses, Func<TrainingBatch, double[]> step, CancellationToken token)
        {
            for (var i = 0; i < stepsPerRun; i++)
            {
                token.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                losses.Add(step(Batch(width, height, losses.Count)));
            }

            return Task.CompletedTask;
        }
    }

    private static Discriminator Discriminator(string role, TensorPlacement placement)
    {
        var discriminator = new Discriminator(Classes, DiscriminatorWidth, placement);
        WeightInitializer.Initialize(discriminator, 1, role);
        return discriminator;
    }

    private static SegmentationNetwork Copy(SegmentationNetwork network, TensorPlacement placement)
    {
        var copy = Architectures.Build(network.Architecture, network.Classes, placement);
        using var noGradient = no_grad();
        foreach (var (from, to) in network.Tensors.Zip(copy.Tensors))
        {
            to.Value.copy_(from.Value);
        }

        return copy;
    }

    private static TrainingBatch Batch(int width, int height, int step)
    {
        var (source, target) = (SeededNetworks.Scene(width, height, 2 * step), SeededNetworks.Scene(width, height, (2 * step) + 1));
        var labels = tensor(source.TrainIds, [1, height, width]).to(ScalarType.Int64);
        return new TrainingBatch([new LabelledBatch(SeededNetworks.Input(source), labels)], SeededNetworks.Input(target));
    }

    private static double[] Values(IReadOnlyList<LossTerm> terms) =>
    [
        .. Kinds.Select(kind => terms.Single(t => t.Kind == kind).Value),
    ];

    private static BenchAgreement Compare(List<double[]> plain, List<double[]> ours, double mostLoss, double movement, double mostMovement)
    {
        var furthest = plain.Zip(ours).Max(pair => pair.First.Zip(pair.Second).Max(v => Math.Abs(v.First - v.Second) / Math.Max(1, Math.Abs(v.First))));
        return new BenchAgreement(furthest <= mostLoss && movement <= mostMovement, new JsonObject
        {
            ["steps"] = plain.Count,
            ["loss_difference"] = furthest,
            ["most_loss_difference"] = mostLoss,
            ["movement_difference"] = movement,
            ["most_movement_difference"] = mostMovement,
            ["first_seg_main"] = plain[0][0],
            ["last_seg_main"] = plain[^1][0],
        });
    }

    // Losses alone say little of the updates: how far apart the weights have moved, over how far they have moved.
    private static double Movement(SegmentationNetwork start, SegmentationNetwork plain, SegmentationNetwork ours)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double apart = 0;
        double moved = 0;
        foreach (var ((from, one), other) in start.Tensors.Zip(plain.Tensors).Zip(ours.Tensors).Where(t => t.First.First.Learned))
        {
            apart += (other.Value - one.Value).to(ScalarType.Float64).square().sum().item<double>();
            moved += (one.Value - from.Value).to(ScalarType.Float64).square().sum().item<double>();
        }

        return Math.Sqrt(apart / moved);
    }
}

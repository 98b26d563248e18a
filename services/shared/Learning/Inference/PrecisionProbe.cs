using IntraDA.Data.Synthetic;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Inference.Fast;
using IntraDA.Learning.Inference.Strips;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using static TorchSharp.torch;

namespace IntraDA.Learning.Inference;

/// <summary>Chooses a network's fast form, and with <see cref="EnginePrecision.Auto"/> its precision: by looking at answers, not at the processor alone.</summary>
internal static class PrecisionProbe
{
    // One exchange of neighbours among 32 scores still correlates at 0.9996; among 16 it would not pass.
    private const int Images = 32;
    private const int Batch = 8;
    private const int Shrink = 4;
    private const int LeastSide = 64;
    private const ulong Seed = 5;

    /// <summary>Chooses.</summary>
    /// <param name="network">The network.</param>
    /// <param name="description">Its input size.</param>
    /// <param name="wanted">What was asked for.</param>
    /// <returns>The fast form, null where there is none, and what was chosen.</returns>
    public static (IFastNetwork? Fast, PrecisionChoice Choice) Choose(
        SegmentationNetwork network, NetworkDescription description, EnginePrecision wanted)
    {
        var full = new PrecisionChoice(EnginePrecision.Full, null);
        if (wanted == EnginePrecision.BFloat16 && FastNetworks.TryBuild(network, EnginePrecision.BFloat16) is { } forced)
        {
            return (forced, new PrecisionChoice(EnginePrecision.BFloat16, null));
        }

        var exact = FastNetworks.TryBuild(network, EnginePrecision.Full);
        if (wanted != EnginePrecision.Auto || exact is null || !FastNetworks.HasBFloat16())
        {
            return (exact, full);
        }

        var half = FastNetworks.TryBuild(network, EnginePrecision.BFloat16)!;
        var agreement = Compare(exact, half, network.Classes, description);
        var (chosen, other, precision) = agreement.Holds ? (half, exact, EnginePrecision.BFloat16) : (exact, half, EnginePrecision.Full);
        other.Dispose();
        return (chosen, new PrecisionChoice(precision, agreement));
    }

    private static PrecisionAgreement Compare(IFastNetwork exact, IFastNetwork half, int classes, NetworkDescription description)
    {
        using var scope = NewDisposeScope();
        var width = Math.Max(description.InputWidth / Shrink, LeastSide);
        var height = Math.Max(description.InputHeight / Shrink, LeastSide);
        var probes = Probes(width, height);
        var (expected, actual) = (new List<StripResult>(), new List<StripResult>());
        foreach (var batch in probes.Chunk(Batch))
        {
            using var inner = NewDisposeScope();
            var input = ImagePreprocessor.ChannelsLast(batch, width, height);
            expected.AddRange(Answers(exact.Logits(input), classes, width, height));
            actual.AddRange(Answers(half.Logits(input), classes, width, height));
        }

        var equal = expected.Zip(actual).Sum(pair => pair.First.Labels!.Zip(pair.Second.Labels!).LongCount(label => label.First == label.Second));
        return new PrecisionAgreement(
            equal / ((double)Images * width * height),
            SpearmanCorrelation([.. expected.Select(r => r.MeanEntropy)], [.. actual.Select(r => r.MeanEntropy)]));
    }

    private static unsafe IEnumerable<StripResult> Answers(Tensor logits, int classes, int width, int height)
    {
        var (rows, columns) = ((int)logits.shape[2], (int)logits.shape[3]);
        var first = TensorMemory.Pointer(logits);
        var results = new List<StripResult>();
        for (var n = 0L; n < logits.shape[0]; n++)
        {
            results.Add(LogitStrips.Run(
                first + (n * classes * rows * columns), classes, columns, rows, width, height, new StripOutputs { Entropy = true, Labels = true }));
        }

        GC.KeepAlive(logits);
        return results;
    }

    /// <summary>Spearman's rank correlation.</summary>
    /// <param name="first">Values.</param>
    /// <param name="second">As many.</param>
    /// <returns>-1..1; 1 where the order is the same.</returns>
    internal static double SpearmanCorrelation(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var (a, b) = (Ranks(first), Ranks(second));
        var squares = a.Zip(b).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
        var n = (double)first.Count;
        return 1 - (6 * squares / (n * ((n * n) - 1)));
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var rank = 0; rank < order.Length; rank++)
        {
            ranks[order[rank]] = rank;
        }

        return ranks;
    }

    // Street scenes of both domains, from faint to full contrast: what such networks see, with scores that lie apart.
    private static List<PreparedImage> Probes(int width, int height)
    {
        var streets = new StreetGenerator(new StreetOptions { Width = width, Height = height, Seed = Seed });
        return
        [
            .. Enumerable.Range(0, Images).Select(i =>
            {
                var contrast = 0.25 + (0.75 * i / (Images - 1));
                var pixels = streets.Render(i % 2 == 0 ? StreetDomain.Game : StreetDomain.Camera, i).Rgb;
                return new PreparedImage(width, height, [.. pixels.Select(p => (byte)(127 + (contrast * (p - 127))))]);
            }),
        ];
    }
}

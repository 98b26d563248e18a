using IntraDA.Data.Manifests;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Entropy;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using IntraDA.Parity.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests;

/// <summary>Forward pass, entropy, argmax and scores, in float64 and in float32.</summary>
public sealed class InferenceTests(ParityFixture parity, ITestOutputHelper output)
{
    public static TheoryData<string> Precisions { get; } = ["float64", "float32"];

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Logits_entropy_and_argmax_of_the_published_input_are_the_published_ones(string precision)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var placement = Placement(precision);
        var isDouble = placement.Type == ScalarType.Float64;
        using var network = parity.InferenceNetwork(placement);
        var logits = network.Forward(parity.Array("image_0").unsqueeze(0).to(placement.Type), NormMode.Evaluate, aux: true);
        Func<Tensor, Tensor, double> distance = isDouble ? Deviation.Relative : Deviation.Absolute;
        var bound = isDouble ? 1e-8 : 2e-3;
        Hold("aux", distance(logits.Aux!, parity.Array("aux")), bound, precision);
        Hold("main", distance(logits.Main, parity.Array("main")), bound, precision);

        var upsampled = LogitUpsampling.To(logits.Main, parity.Document.Width, parity.Document.Height);
        Hold("upsampled", distance(upsampled, parity.Array("upsampled")), bound, precision);

        var entropy = Entropy(upsampled);
        var expected = parity.Array("entropy_sum");
        output.WriteLine($"summary: {precision} entropy_sum from the image on: {Deviation.Absolute(entropy, expected):G3}");
        if (isDouble)
        {
            Hold("entropy_sum", Deviation.Absolute(entropy, expected), 1e-9, precision);
        }
        else
        {
            // A pixel's entropy moves with its logits, which may be 2e-3 off in float32: docs/method.md, "Parity". What is bounded pixel by
            // pixel is the arithmetic of the entropy, on the network's own logits and on the published ones.
            Hold("entropy_sum of its logits", Deviation.Absolute(entropy, Entropy(upsampled.to(ScalarType.Float64))), 1e-5, precision);
            Hold("entropy_sum of the published logits", Deviation.Absolute(Entropy(parity.Array("upsampled").to(placement.Type)), expected), 1e-5, precision);
        }

        Hold("mean of entropy_sum", Math.Abs(entropy.mean().ToDouble() - expected.mean().ToDouble()), isDouble ? 1e-9 : 1e-5, precision);

        var agreement = Deviation.Agreement(upsampled.argmax(1), parity.Array("argmax"));
        output.WriteLine($"{precision} argmax: {agreement:P4} equal");
        Assert.InRange(agreement, isDouble ? 1 : 0.999, 1);
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Scores_and_labels_of_the_image_files_are_the_published_ones(string precision)
    {
        using var scope = NewDisposeScope();
        var placement = Placement(precision);
        var isDouble = placement.Type == ScalarType.Float64;
        var document = parity.Document;
        using var engine = new SegmentationEngine(parity.InferenceNetwork(placement), Description(document));
        foreach (var pair in document.Scores)
        {
            var index = Array.IndexOf(document.Images, pair[0].GetString());
            var prediction = engine.Predict(parity.Image(index), new EngineOutputs(true, false, false, NetworkResolution: true));
            Hold($"score of {document.Images[index]}", Math.Abs(prediction.Score - pair[1].GetDouble()), isDouble ? 1e-9 : 1e-5, precision);
            if (index == 0)
            {
                var labels = tensor(prediction.Labels!.TrainIds, [1, document.Height, document.Width]);
                Assert.InRange(Deviation.Agreement(labels, parity.Array("argmax")), isDouble ? 1 : 0.999, 1);
            }
        }
    }

    private static Tensor Entropy(Tensor logits) => SelfInformation.MapOfLogits(logits).sum(1);

    private static TensorPlacement Placement(string precision) => precision == "float64" ? ParityFixture.Widened : TensorPlacement.Cpu;

    private static NetworkDescription Description(ParityDocument document) => new(
        "parity",
        new ClassList { Names = [.. Enumerable.Range(0, document.Classes).Select(c => $"class {c}")], Palette = new byte[3 * document.Classes] },
        document.Width,
        document.Height);

    private void Hold(string what, double deviation, double bound, string precision)
    {
        output.WriteLine($"{precision} {what}: {deviation:G3} (bound {bound:G3})");
        Assert.True(deviation <= bound, $"{what} in {precision} is {deviation:G3} off, the bound is {bound:G3}.");
    }
}

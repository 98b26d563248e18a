using IntraDA.Learning.Inference;
using IntraDA.Learning.Inference.Fast;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Inference;

public sealed class PrecisionTests
{
    private static readonly EngineOutputs Labels = new(true, false, false, true);

    [Fact]
    public void The_fast_engine_answers_what_the_plain_one_answers()
    {
        using var network = Samples.DeepLab();
        var description = Samples.Description(5, 96, 64, network.Architecture);
        using var plain = new SegmentationEngine(network, description, ownsNetwork: false, new EngineOptions(Plain: true));
        using var fast = new SegmentationEngine(network, description, ownsNetwork: false);
        var image = Samples.Image(120, 70);
        var (expected, actual) = (plain.Predict(image, Labels), fast.Predict(image, Labels));
        Assert.InRange(actual.Score - expected.Score, -1e-6, 1e-6);
        var equal = expected.Labels!.TrainIds.Zip(actual.Labels!.TrainIds).Count(pair => pair.First == pair.Second);
        Assert.InRange(equal / (96.0 * 64), 0.999, 1);
        Assert.Equal(expected.Labels.TrainIds.Length, actual.Labels.TrainIds.Length);
    }

    [Fact]
    public void A_batch_gives_each_image_its_own_outputs()
    {
        using var engine = new SegmentationEngine(Samples.DeepLab(), Samples.Description(5, 64, 32, Architectures.ResNet50));
        var images = Enumerable.Range(0, 3).Select(i => engine.Prepare(Samples.Image(40 + i, 30, (ulong)i))).ToList();
        var full = new EngineOutputs(true, true, false, NetworkResolution: false);
        var batch = engine.PredictBatch(images, [Labels, full, EngineOutputs.ScoreOnly]);
        Assert.Equal([(64, 32), (41, 30), (64, 32)], batch.Select(p => (p.Width, p.Height)));
        Assert.True(batch is [{ Labels: not null, Entropy: null }, { Labels: not null, Entropy: not null }, { Labels: null }]);
        foreach (var (image, prediction) in images.Zip(batch))
        {
            Assert.InRange(prediction.Score - engine.Predict(image, EngineOutputs.ScoreOnly).Score, -1e-6, 1e-6);
        }
    }

    [Fact]
    public void Half_precision_is_taken_only_where_the_answers_agree()
    {
        Assert.SkipUnless(FastNetworks.HasBFloat16(), "This processor does not multiply bfloat16.");
        // Random logits lie too close together for two digits: the check must see that.
        using var uncertain = new SegmentationEngine(
            Samples.DeepLab(19), Samples.Description(19, 64, 64, Architectures.ResNet50), options: new EngineOptions(EnginePrecision.Auto));
        Assert.Equal(EnginePrecision.Full, uncertain.Choice.Precision);
        Assert.False(uncertain.Choice.Agreement!.Holds);

        // A classifier with one class far ahead of the others everywhere leaves nothing to disagree about but scores.
        var network = Samples.DeepLab(2);
        using (no_grad())
        {
            network.Tensors.Single(t => t.Name == "layer6.conv2d_list.0.bias").Value[0] = 1e3f;
        }

        using var certain = new SegmentationEngine(
            network, Samples.Description(2, 64, 64, Architectures.ResNet50), options: new EngineOptions(EnginePrecision.Auto));
        Assert.InRange(certain.Choice.Agreement!.EqualPixels, PrecisionAgreement.LeastEqualPixels, 1);
        Assert.Equal(certain.Choice.Agreement.Holds ? EnginePrecision.BFloat16 : EnginePrecision.Full, certain.Choice.Precision);
    }

    [Fact]
    public void Agreement_needs_both_pixels_and_the_order_of_scores()
    {
        Assert.True(new PrecisionAgreement(0.995, 0.999).Holds);
        Assert.False(new PrecisionAgreement(0.9949, 1).Holds);
        Assert.False(new PrecisionAgreement(1, 0.9989).Holds);
        Assert.Equal(1, PrecisionProbe.SpearmanCorrelation([0.1, 0.3, 0.2], [10, 30, 20]));
        Assert.Equal(-1, PrecisionProbe.SpearmanCorrelation([1, 2, 3], [3, 2, 1]));
    }

    [Fact]
    public void Forcing_half_precision_needs_no_check()
    {
        using var engine = new SegmentationEngine(
            Samples.DeepLab(), Samples.Description(5, 64, 64, Architectures.ResNet50), options: new EngineOptions(EnginePrecision.BFloat16));
        Assert.Equal(new PrecisionChoice(EnginePrecision.BFloat16, null), engine.Choice);
        Assert.InRange(engine.Predict(Samples.Image(64, 64), EngineOutputs.ScoreOnly).Score, 0, 0.2);
    }

    [Fact]
    public void Fast_predictions_leave_no_tensor_behind()
    {
        using var engine = new SegmentationEngine(Samples.DeepLab(), Samples.Description(5, 64, 64, Architectures.ResNet50));
        var image = Samples.Image(64, 64);
        engine.Predict(image, Labels);
        var before = Tensor.TotalCount;
        engine.Predict(image, Labels);
        engine.PredictLabels(image, 30, 20);
        Assert.Equal(before, Tensor.TotalCount);
    }
}

using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Metrics;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Inference;

public sealed class SegmentationEngineTests : IDisposable
{
    private static readonly EngineOutputs All = new(true, true, true, NetworkResolution: false);

    private readonly SegmentationEngine _engine = new(Samples.Compact(5), Samples.Description(5, 64, 32));

    [Fact]
    public void Maps_have_the_size_of_the_image_or_of_the_networks_input()
    {
        var image = Samples.Image(45, 27);
        foreach (var (atInput, width, height) in new[] { (false, 45, 27), (true, 64, 32) })
        {
            var prediction = _engine.Predict(image, All with { NetworkResolution = atInput });
            Assert.Equal((width, height), (prediction.Width, prediction.Height));
            Assert.Equal((width, height), (prediction.Labels!.Width, prediction.Labels.Height));
            Assert.Equal(width * height, prediction.Entropy!.Length);
            Assert.Equal((width, height), (prediction.Confidence!.Width, prediction.Confidence.Height));
            Assert.All(prediction.Labels.TrainIds, id => Assert.InRange(id, 0, 4));
            Assert.All(prediction.Confidence.Values, value => Assert.InRange(value / 65535.0, 0.2 - 1e-4, 1));
        }
    }

    [Fact]
    public void The_score_is_the_mean_of_the_entropy_map_over_classes_and_pixels_whatever_is_asked_for()
    {
        var image = Samples.Image(45, 27);
        var whole = _engine.Predict(image, All with { NetworkResolution = true });
        // The map is stored in bytes, which is half a step of 1/255 at most.
        Assert.InRange(whole.Entropy!.Average(e => e / 255.0) - whole.NormalizedEntropy, -0.002, 0.002);
        Assert.Equal(whole.NormalizedEntropy / 5, whole.Score);
        Assert.InRange(whole.Score, 0.0, 0.2);
        foreach (var outputs in new[] { EngineOutputs.ScoreOnly, All, new EngineOutputs(true, false, false, false) })
        {
            Assert.Equal(whole.Score, _engine.Predict(image, outputs).Score);
        }

        Assert.Equal(whole.Score, _engine.PredictLabels(image, 10, 10).Score, 6);
    }

    [Fact]
    public void Class_counts_are_those_of_the_label_map_at_the_networks_input()
    {
        var image = Samples.Image(45, 27);
        var prediction = _engine.Predict(image, All with { NetworkResolution = true });
        var counts = Enumerable.Range(0, 5).Select(c => (long)prediction.Labels!.TrainIds.Count(id => id == c));
        Assert.Equal(counts, prediction.ClassPixels);
        Assert.Equal(prediction.ClassPixels, _engine.Predict(image, All).ClassPixels);
        Assert.Equal(prediction.ClassPixels, _engine.Predict(image, EngineOutputs.ScoreOnly).ClassPixels);
    }

    [Fact]
    public void Only_what_is_asked_for_is_given()
    {
        var image = Samples.Image(20, 20);
        var score = _engine.Predict(image, EngineOutputs.ScoreOnly);
        Assert.True(score is { Labels: null, Entropy: null, Confidence: null });
        Assert.True(_engine.Predict(image, new EngineOutputs(false, true, false, false)) is { Labels: null, Entropy: not null, Confidence: null });
    }

    [Fact]
    public void Labels_for_evaluation_have_the_size_of_the_truth()
    {
        var image = Samples.Image(45, 27);
        var (labels, _) = _engine.PredictLabels(image, 90, 54);
        Assert.Equal((90, 54), (labels.Width, labels.Height));
        Assert.Equal(_engine.Predict(image, All).Labels!.TrainIds, _engine.PredictLabels(image, 45, 27).Labels.TrainIds);
    }

    [Fact]
    public async Task An_evaluation_compares_at_the_labels_own_size()
    {
        using var folder = new TemporaryStore();
        var image = Samples.Image(45, 27);
        var truth = new LabelMap(90, 61, [.. Enumerable.Range(0, 90 * 61).Select(i => (byte)(i * 7 % 5))]);
        var manifest = await folder.ManifestAsync(image, truth);

        var (histogram, rows) = await new NetworkEvaluation(new DatasetFileReader(folder.Store, new ImageLimits()))
            .RunAsync(_engine, manifest, _ => { }, TestContext.Current.CancellationToken);

        var expected = new ConfusionHistogram(5);
        var (labelled, wrong) = expected.Add(truth.TrainIds, _engine.PredictLabels(image, 90, 61).Labels.TrainIds);
        Assert.Equal(90 * 61, histogram.Counts.Sum());
        Assert.Equal(expected.Counts, histogram.Counts);
        Assert.Equal(wrong / (double)labelled, Assert.Single(rows).Error);
    }

    [Fact]
    public async Task Predictions_side_by_side_are_those_of_one_after_the_other()
    {
        var images = Enumerable.Range(0, 6).Select(i => Samples.Image(40, 30, (ulong)i)).ToList();
        var expected = images.Select(i => _engine.Predict(i, All)).ToList();
        var actual = await Task.WhenAll(images.Select(i => Task.Run(() => _engine.Predict(i, All), TestContext.Current.CancellationToken)));
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.Equal(e.Labels!.TrainIds, a.Labels!.TrainIds);
            Assert.Equal(e.Score, a.Score);
        }
    }

    [Fact]
    public void Predictions_leave_no_tensor_behind()
    {
        var image = Samples.Image(45, 27);
        _engine.Predict(image, All);
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++)
        {
            _engine.Predict(image, All);
            _engine.Predict(image, EngineOutputs.ScoreOnly);
            _engine.PredictLabels(image, 45, 27);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>A store that goes with its test.</summary>
    private sealed class TemporaryStore : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intrada-engine-");

        public TemporaryStore() => Store = new LocalArtifactStore(_folder.FullName, TimeProvider.System);

        public IArtifactStore Store { get; }

        public async Task<DatasetManifest> ManifestAsync(RgbImage image, LabelMap label)
        {
            var token = TestContext.Current.CancellationToken;
            var item = new DatasetItem
            {
                Id = "a",
                Image = FileOf(await Store.PutBytesAsync("a.png", ImageEncoder.EncodePng(image), "image/png", token)),
                Label = FileOf(await Store.PutBytesAsync("a_labels.png", LabelMapWriter.EncodePng(label), LabelMapWriter.MediaType, token)),
            };
            return new DatasetManifest
            {
                Name = "a", Classes = Samples.Classes(5), Labels = new LabelEncoding { SizesMayDiffer = true }, Items = [item],
            };
        }

        public void Dispose() => _folder.Delete(recursive: true);

        private static DatasetFile FileOf(Artifact artifact) =>
            new() { Path = artifact.Key, Sha256 = artifact.Sha256, SizeBytes = artifact.SizeBytes };
    }
}

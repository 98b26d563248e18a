using System.Text.Json.Nodes;
using IntraDA.Artifacts.Store;
using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Torch;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Benchmarks.Streaming;

/// <summary>
/// Images a second through gateway and segmenter against the engine called in process: encoded image to score and encoded label map. The services run
/// in this process too, so both ways share its cores, and the wire is loopback.
/// </summary>
internal sealed class StreamBench : IBench
{
    private const int Classes = 19;

    /// <inheritdoc />
    public string Name => "stream";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var model = arguments.Choice("model", "both", "resnet101", "compact");
        arguments.RefuseRest();
        var store = Path.Combine(session.Folder, "store");
        await using var services = await StreamServices.StartAsync(store, cancellationToken).ConfigureAwait(false);
        var artifacts = ArtifactStoreFactory.Create(new StoreOptions { Directory = store }, TimeProvider.System);
        var cases = new List<(string Name, BenchResult Result)>();
        foreach (var one in Cases.Where(c => model == "both" || c.Name == model))
        {
            session.Note($"{one.Name}: {one.Images} images of {one.Width}x{one.Height} a run");
            cases.Add((one.Name, await MeasureAsync(one, services, artifacts, session, cancellationToken).ConfigureAwait(false)));
        }

        return BenchResult.OfCases(cases, new JsonObject { ["model"] = model, ["threads"] = get_num_threads() });
    }

    private static readonly Case[] Cases =
    [
        new("resnet101", Architectures.ResNet101, 1024, 512, Images: 3),
        new("compact", Architectures.Compact, 160, 96, Images: 300),
    ];

    private static async Task<BenchResult> MeasureAsync(
        Case one, StreamServices services, IArtifactStore store, BenchSession session, CancellationToken cancellationToken)
    {
        var network = SeededNetworks.Build(one.Architecture, Classes, one.Width, one.Height);
        var description = SeededNetworks.Describe(network, one.Width, one.Height);
        var checkpoint = await NetworkCheckpoint
            .SaveAsync(store, $"{one.Name}.safetensors", network, description, cancellationToken).ConfigureAwait(false);
        using var engine = new SegmentationEngine(network, description);
        var distinct = Enumerable.Range(0, Math.Min(one.Images, 16)).Select(i => Encode(one, 100 + i)).ToList();
        var images = Enumerable.Range(0, one.Images).Select(i => distinct[i % distinct.Count]).ToList();
        var inProcess = new (double Score, byte[] Labels)[one.Images];
        var streamed = new (double Score, byte[] Labels)[one.Images];
        var times = await session.MeasureAsync(
            token => InProcessAsync(engine, images, inProcess, token),
            token => services.PredictAsync(checkpoint, images, (i, score, labels) => streamed[i] = (score, labels), token),
            cancellationToken).ConfigureAwait(false);
        var perImage = times.Per(one.Images);
        return new BenchResult(perImage, Compare(inProcess, streamed), new JsonObject
        {
            ["network"] = one.Architecture,
            ["width"] = one.Width,
            ["height"] = one.Height,
            ["images_per_run"] = one.Images,
            ["precision"] = "float32",
        })
        {
            Figures = new JsonObject
            {
                ["images_per_second"] = new JsonObject
                {
                    ["plain"] = Math.Round(1 / perImage.PlainMedian, 3),
                    ["ours"] = Math.Round(1 / perImage.OursMedian, 3),
                },
            },
        };
    }

    private static byte[] Encode(Case one, int index)
    {
        var scene = SeededNetworks.Scene(one.Width, one.Height, index);
        return ImageEncoder.EncodePng(new RgbImage(one.Width, one.Height, scene.Rgb));
    }

    private static async Task InProcessAsync(
        SegmentationEngine engine, List<byte[]> images, (double Score, byte[] Labels)[] answers, CancellationToken cancellationToken)
    {
        var outputs = new EngineOutputs(LabelMap: true, EntropyMap: false, ConfidenceMap: false, NetworkResolution: true);
        var predictions = new PredictionPipeline(engine).RunAsync(
            Enumerable.Range(0, images.Count),
            (i, _) => Task.FromResult(ImageDecoder.Decode(images[i], "image", new ImageLimits())),
            (image, _) => Task.FromResult(engine.Predict(image, outputs)),
            cancellationToken);
        await foreach (var (i, prediction) in predictions.ConfigureAwait(false))
        {
            answers[i] = (prediction.Score, LabelMapWriter.EncodePng(prediction.Labels!));
        }
    }

    private static BenchAgreement Compare((double Score, byte[] Labels)[] plain, (double Score, byte[] Labels)[] ours)
    {
        var (equal, pixels) = (0L, 0L);
        foreach (var (first, second) in plain.Zip(ours))
        {
            var (a, b) = (Read(first.Labels), Read(second.Labels));
            equal += a.Zip(b).LongCount(label => label.First == label.Second);
            pixels += a.Length;
        }

        var share = equal / (double)pixels;
        var scores = plain.Zip(ours).Max(pair => Math.Abs(pair.First.Score - pair.Second.Score) / pair.First.Score);
        return new BenchAgreement(
            share >= 0.9999 && scores <= 1e-4, new JsonObject { ["equal_argmax"] = share, ["score_difference"] = scores });
    }

    private static byte[] Read(byte[] png) => LabelMapReader.Read(png, null, Classes, "label map", new ImageLimits()).TrainIds;

    private sealed record Case(string Name, string Architecture, int Width, int Height, int Images);
}

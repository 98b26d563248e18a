using System.Text.Json.Nodes;
using IntraDA.Benchmarks.Frame;
using IntraDA.Benchmarks.Torch;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Benchmarks.Inference;

/// <summary>Image files to scores and label files: the published code's way against the engine.</summary>
internal sealed class InferenceBench : IBench
{
    private const int Classes = 19;

    /// <inheritdoc />
    public string Name => "inference";

    /// <inheritdoc />
    public async Task<BenchResult> RunAsync(BenchArguments arguments, BenchSession session, CancellationToken cancellationToken)
    {
        var precision = arguments.Choice("precision", "float32", "auto", "bfloat16");
        var width = arguments.Integer("width", 1024, 64, 4096);
        var height = arguments.Integer("height", 512, 64, 4096);
        var images = arguments.Integer("images", 2, 1, 100);
        arguments.RefuseRest();

        session.Note($"preparing {Architectures.ResNet101} with seeded weights and {images} images of {width}x{height}");
        var files = WriteImages(session.Folder, images, width, height);
        using var network = SeededNetworks.Build(Architectures.ResNet101, Classes, width, height);
        using var engine = new SegmentationEngine(
            network, SeededNetworks.Describe(network, width, height), ownsNetwork: false, new EngineOptions(Parse(precision)));
        var plain = new PlainInference(network, width, height);
        var (plainAnswers, ourAnswers) = (new (double Score, byte[] Labels)[images], new (double Score, byte[] Labels)[images]);
        var times = await session.MeasureAsync(
            _ =>
            {
                for (var i = 0; i < images; i++)
                {
                    plainAnswers[i] = plain.Predict(files[i], Path.ChangeExtension(files[i], ".plain.png"));
                }

                return Task.CompletedTask;
            },
            token => OursAsync(engine, files, ourAnswers, token),
            cancellationToken).ConfigureAwait(false);

        var used = engine.Choice.Precision;
        var rate = MatrixRate.Measure(used == EnginePrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, TimeProvider.System);
        var perImage = times.Per(images);
        return new BenchResult(perImage, Compare(plainAnswers, ourAnswers, used), new JsonObject
        {
            ["network"] = Architectures.ResNet101,
            ["width"] = width,
            ["height"] = height,
            ["images_per_run"] = images,
            ["precision"] = precision,
            ["precision_used"] = used == EnginePrecision.BFloat16 ? "bfloat16" : "float32",
            ["threads"] = get_num_threads(),
        })
        {
            PeakFraction = DeepLabWork.Forward(width, height, Classes) / perImage.OursMedian / rate,
            Figures = new JsonObject
            {
                ["matrix_gflops"] = Math.Round(rate / 1e9, 1),
                ["achieved_gflops"] = Math.Round(DeepLabWork.Forward(width, height, Classes) / perImage.OursMedian / 1e9, 1),
                ["probe"] = engine.Choice.Agreement is { } probe
                    ? new JsonObject { ["equal_pixels"] = probe.EqualPixels, ["rank_correlation"] = probe.RankCorrelation }
                    : null,
            },
        };
    }

    private static EnginePrecision Parse(string name) => name switch
    {
        "auto" => EnginePrecision.Auto,
        "bfloat16" => EnginePrecision.BFloat16,
        _ => EnginePrecision.Full,
    };

    private static string[] WriteImages(string folder, int images, int width, int height) =>
    [
        .. Enumerable.Range(0, images).Select(i =>
        {
            var scene = SeededNetworks.Scene(width, height, 100 + i);
            var file = Path.Combine(folder, $"{i}.png");
            File.WriteAllBytes(file, ImageEncoder.EncodePng(new RgbImage(width, height, scene.Rgb)));
            return file;
        }),
    ];

    private static async Task OursAsync(
        SegmentationEngine engine, string[] files, (double Score, byte[] Labels)[] answers, CancellationToken cancellationToken)
    {
        var outputs = new EngineOutputs(LabelMap: true, EntropyMap: false, ConfidenceMap: false, NetworkResolution: true);
        var writing = Task.CompletedTask;
        var pipeline = new PredictionPipeline(engine);
        var predictions = pipeline.RunAsync(
            Enumerable.Range(0, files.Length),
            async (i, token) => ImageDecoder.Decode(await File.ReadAllBytesAsync(files[i], token).ConfigureAwait(false), files[i], new ImageLimits()),
            (image, _) => Task.FromResult(engine.Predict(image, outputs)),
            cancellationToken);
        await foreach (var (i, prediction) in predictions.ConfigureAwait(false))
        {
            answers[i] = (prediction.Score, prediction.Labels!.TrainIds);
            await writing.ConfigureAwait(false);
            writing = Task.Run(
                () => File.WriteAllBytes(Path.ChangeExtension(files[i], ".ours.png"), LabelMapWriter.EncodePng(prediction.Labels)), cancellationToken);
        }

        await writing.ConfigureAwait(false);
    }

    private static BenchAgreement Compare(
        (double Score, byte[] Labels)[] plain, (double Score, byte[] Labels)[] ours, EnginePrecision used)
    {
        var pixels = plain.Sum(p => (long)p.Labels.Length);
        var equal = plain.Zip(ours).Sum(pair => pair.First.Labels.Zip(pair.Second.Labels).LongCount(label => label.First == label.Second));
        var scores = plain.Zip(ours).Max(pair => Math.Abs(pair.First.Score - pair.Second.Score) / pair.First.Score);
        var (leastEqual, mostScore) = used == EnginePrecision.BFloat16 ? (PrecisionAgreement.LeastEqualPixels, 0.02) : (0.9999, 1e-4);
        var share = equal / (double)pixels;
        return new BenchAgreement(share >= leastEqual && scores <= mostScore, new JsonObject
        {
            ["equal_argmax"] = share,
            ["least_equal_argmax"] = leastEqual,
            ["score_difference"] = scores,
            ["most_score_difference"] = mostScore,
        });
    }
}

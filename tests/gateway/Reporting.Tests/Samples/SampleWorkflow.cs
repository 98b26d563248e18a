using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Synthetic;
using IntraDA.Gateway.Reporting.Gallery;

namespace IntraDA.Gateway.Reporting.Tests.Samples;

/// <summary>A finished workflow as the other services would have left it: real files, tables and curves, made-up numbers.</summary>
internal sealed class SampleWorkflow : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly SampleOptions _options;
    private readonly Random _random = new(11);
    private readonly StreetGenerator _streets;
    private readonly Dictionary<string, double> _scores = [];

    private SampleWorkflow(SampleOptions options)
    {
        _options = options;
        _streets = new StreetGenerator(new StreetOptions { Width = options.Width, Height = options.Width * 3 / 5, Seed = 5, HardShare = 0.34 });
        Folder = Directory.CreateTempSubdirectory("intrada-report-").FullName;
        Store = new LocalArtifactStore(Path.Combine(Folder, "store"), TimeProvider.System);
        Files = new DatasetFileReader(Store, new ImageLimits());
    }

    public string Folder { get; }

    public IArtifactStore Store { get; }

    public DatasetFileReader Files { get; }

    public Dictionary<string, LabelMap> Truth { get; } = [];

    public ReportRequest Request { get; private set; } = null!;

    public static async Task<SampleWorkflow> CreateAsync(SampleOptions options, CancellationToken cancellationToken)
    {
        var sample = new SampleWorkflow(options);
        await sample.FillAsync(cancellationToken);
        return sample;
    }

    public ReportBuilder Builder(IGalleryPredictor? predictor = null) =>
        new(Store, Files, predictor ?? new SamplePredictor(Truth), new SettledTime(Start.AddMinutes(7.2)));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var target = Target();
        var validation = _options.WithValidation ? Validation() : null;
        var evaluations = new Dictionary<StageKind, EvaluationReport>();
        if (validation is not null)
        {
            var errors = await PutAsync("validation/inter.parquet", s => ImageErrorTable.WriteAsync(s, Errors(validation), cancellationToken), cancellationToken);
            evaluations[StageKind.Source] = Evaluation(0.348, 1);
            evaluations[StageKind.Inter] = Evaluation(0.441, 2, errors);
            if (_options.WithIntra)
            {
                evaluations[StageKind.Intra] = Evaluation(_options.IntraMiou, 3);
            }

            if (_options.WithControls)
            {
                evaluations[StageKind.SourceContinued] = Evaluation(0.358, 4);
                evaluations[StageKind.SourceRenormalized] = Evaluation(0.371, 6);
                evaluations[StageKind.InterContinued] = Evaluation(0.463, 5);
            }
        }

        var curves = new Dictionary<StageKind, Artifact>
        {
            [StageKind.Source] = await CurveAsync("source", 400, ["seg_main", "seg_aux"], cancellationToken),
            [StageKind.Inter] = await CurveAsync("inter", 800, ["seg_main", "seg_aux", "adv_main", "adv_aux", "d_main", "d_aux"], cancellationToken),
        };
        if (_options.WithIntra)
        {
            curves[StageKind.Intra] = await CurveAsync("intra", 500, ["seg_main", "seg_aux", "adv_main", "adv_aux", "d_main", "d_aux"], cancellationToken);
        }

        var rows = target.Items.Select(i => (i.Id, Score: TargetScore(i))).OrderBy(r => r.Score).ThenBy(r => r.Id, StringComparer.Ordinal).ToArray();
        var easy = (int)(rows.Length * _options.Lambda);
        Request = new ReportRequest
        {
            Workflow = Workflow(),
            Source = Manifest("streets-game", [], labelled: true),
            Target = target,
            Validation = validation,
            Evaluations = evaluations,
            Curves = curves,
            Checkpoints = Checkpoints(),
            Ranking = await PutAsync(
                "ranking.parquet",
                s => RankingTable.WriteAsync(s, rows.Select((r, i) => new RankingRow(i, r.Id, r.Score, i < easy)), cancellationToken), cancellationToken),
            PseudoLabels = easy > 0 && _options.WithIntra ? PseudoLabels() : null,
        };
    }

    private Dictionary<StageKind, Artifact> Checkpoints()
    {
        var checkpoints = new Dictionary<StageKind, Artifact> { [StageKind.Inter] = Reference("weights/inter") };
        if (_options.WithIntra)
        {
            checkpoints[StageKind.Intra] = Reference("weights/intra");
        }

        return checkpoints;
    }

    private DatasetManifest Target()
    {
        string[] conditions = ["clear", "clear", "clear", "clear", "fog", "clear", "night", "clear", "rain", "clear", "noise", "clear"];
        DatasetItem[] items =
        [
            .. Enumerable.Range(0, _options.TargetImages).Select(i => new DatasetItem
            {
                Id = $"target/{i:0000}",
                Image = new DatasetFile { Path = $"images/{i:0000}.png", Sha256 = Digest($"target {i}"), SizeBytes = 1000 },
                Attributes = _options.KnownConditions
                    ? new Dictionary<string, string>
                    {
                        ["condition"] = conditions[i % conditions.Length],
                        ["hard"] = conditions[i % conditions.Length] == "clear" ? "false" : "true",
                    }
                    : [],
            }),
        ];
        return Manifest("streets-camera", items, labelled: false);
    }

    private DatasetManifest Validation()
    {
        var root = Path.Combine(Folder, "validation");
        Directory.CreateDirectory(root);
        var items = new List<DatasetItem>();
        for (var i = 0; i < _options.ValidationImages; i++)
        {
            var scene = _streets.Render(StreetDomain.Camera, 1000 + i);
            var id = $"val/{i:0000}";
            Truth[id] = new LabelMap(scene.Width, scene.Height, scene.TrainIds);
            items.Add(new DatasetItem
            {
                Id = id,
                Image = Write(root, $"{i:0000}.jpg", ImageEncoder.EncodeJpeg(new RgbImage(scene.Width, scene.Height, scene.Rgb), 92)),
                Label = Write(root, $"{i:0000}_labels.png", LabelMapWriter.EncodePng(Truth[id])),
                Attributes = _options.KnownConditions
                    ? new Dictionary<string, string> { ["condition"] = scene.Condition.ToString().ToLowerInvariant() }
                    : [],
            });
        }

        return Manifest("streets-camera-val", items, labelled: true) with { Root = root };
    }

    private static DatasetFile Write(string root, string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(root, name), content);
        return new DatasetFile { Path = name, Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), SizeBytes = content.Length };
    }

    private static DatasetManifest Manifest(string name, IReadOnlyList<DatasetItem> items, bool labelled) => new()
    {
        Name = name,
        Classes = new ClassList { Names = StreetClasses.Names, Palette = StreetClasses.Palette.ToArray(), RareTrainIds = [4, 5, 8, 9] },
        Labels = labelled ? new LabelEncoding() : null,
        Items = items,
    };

    private double TargetScore(DatasetItem item)
    {
        var condition = item.Attributes.GetValueOrDefault("condition", "clear");
        var shift = condition switch { "night" => 1.6, "rain" => 1.1, "noise" => 0.7, "fog" => -0.15, _ => 0 };
        return Math.Clamp(0.021 + (shift * _options.HardShift) + (Gauss() * 0.004), 0.002, 0.09);
    }

    private IEnumerable<ImageErrorRow> Errors(DatasetManifest validation)
    {
        foreach (var item in validation.Items)
        {
            var hard = item.Attributes.GetValueOrDefault("condition", "clear") is "night" or "rain" or "noise" ? 1 : 0;
            var score = Math.Clamp(0.021 + (hard * _options.HardShift) + (Gauss() * 0.004), 0.002, 0.09);
            _scores[item.Id] = score;
            var error = Math.Clamp(0.16 + (hard * 0.12) + ((score - 0.02) * 4) + (Gauss() * 0.04), 0.01, 0.95);
            yield return new ImageErrorRow(item.Id, score, error, Math.Clamp(0.6 - error, 0, 1));
        }
    }

    private EvaluationReport Evaluation(double miou, int seed, Artifact? perImage = null)
    {
        double[] shape = [0.9, 0.55, 0.72, 0.22, 0.17, 0.1, 0.62, 0.88, 0.24, -1, 0.52];
        var random = new Random(seed);
        var report = new EvaluationReport
        {
            Miou = miou,
            PixelAccuracy = 0.5 + (miou * 0.7),
            Images = _options.ValidationImages,
            Classes = new ClassSet { Names = { StreetClasses.Names } },
            PerImage = perImage,
        };
        report.Iou.AddRange(shape.Select(s => s < 0 ? -1 : Math.Clamp(s * miou / 0.47 * (0.95 + (random.NextDouble() * 0.1)), 0, 0.97)));
        return report;
    }

    private static PseudoLabelReport PseudoLabels()
    {
        var report = new PseudoLabelReport { EasyDataset = Reference("pseudo/easy"), HardDataset = Reference("pseudo/hard"), LabelledShare = 1 };
        report.ClassPixels.AddRange([900_000, 210_000, 800_000, 40_000, 12_000, 4_000, 500_000, 620_000, 18_000, 0, 140_000]);
        report.Thresholds.AddRange(Enumerable.Repeat(0.0, 11));
        return report;
    }

    private async Task<Artifact> CurveAsync(string name, int iterations, string[] terms, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        for (var i = 1; i <= iterations; i++)
        {
            var line = new Dictionary<string, double> { ["iteration"] = i };
            foreach (var term in terms)
            {
                var (from, to) = term[0] switch { 's' => (2.2, 0.42), 'a' => (0.75, 1.2), _ => (0.69, 0.48) };
                var aux = term.EndsWith("aux", StringComparison.Ordinal) ? 1.15 : 1;
                line[term] = Math.Max(0.01, aux * (to + ((from - to) * Math.Exp(-4.0 * i / iterations)) + (Gauss() * 0.09)));
            }

            line["learning_rate"] = 0.025 * Math.Pow(1 - ((double)i / (iterations + 1)), 0.9);
            lines.AppendLine(JsonSerializer.Serialize(line));
        }

        return await Store.PutBytesAsync($"curves/{name}.jsonl", Encoding.UTF8.GetBytes(lines.ToString()), "application/jsonl", cancellationToken);
    }

    private Task<Artifact> PutAsync(string key, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        Store.PutWrittenAsync(key, "application/vnd.apache.parquet", (stream, _) => write(stream), cancellationToken);

    private Workflow Workflow()
    {
        var workflow = new Workflow
        {
            Id = "wf-7f3a9c",
            CreateTime = Timestamp.FromDateTimeOffset(Start),
            State = WorkflowState.Running,
            Spec = new WorkflowSpec
            {
                Title = _options.Title,
                Source = "streets-game",
                Target = "streets-camera",
                Validation = "streets-camera-val",
                Architecture = "compact",
                Seed = 7,
                SkipControls = !_options.WithControls,
                BestOnValidation = _options.BestOnValidation,
                Ranking = new RankingOptions { Lambda = _options.Lambda, Method = RankingMethod.Entropy },
                InterOptions = new TrainingOptions { Method = AdaptationMethod.Advent, Iterations = 800, LearningRate = 0.025, BatchSize = 4 },
                IntraOptions = new TrainingOptions { Method = AdaptationMethod.Advent, Iterations = 500, LearningRate = 0.025 },
                SourceOptions = new TrainingOptions { Method = AdaptationMethod.SourceOnly, Iterations = 400 },
            },
        };
        var at = Start;
        foreach (var kind in System.Enum.GetValues<StageKind>().Where(k => k != StageKind.Unspecified))
        {
            var control = kind is StageKind.SourceContinued or StageKind.SourceRenormalized or StageKind.InterContinued;
            var skipped = (control && !_options.WithControls) || (kind == StageKind.Intra && !_options.WithIntra);
            var seconds = kind is StageKind.Inter or StageKind.Intra or StageKind.InterContinued ? 95.5 : 12.4;
            var stage = new Stage
            {
                Kind = kind,
                State = kind == StageKind.Report ? WorkflowState.Running : skipped ? WorkflowState.Skipped : WorkflowState.Succeeded,
                Key = Digest(kind.ToString()),
                Reused = kind == StageKind.Source,
                Reason = skipped && kind == StageKind.Intra ? "the easy split is empty" : "",
                StartTime = Timestamp.FromDateTimeOffset(at),
                EndTime = kind == StageKind.Report ? null : Timestamp.FromDateTimeOffset(at.AddSeconds(seconds)),
                Service = new ServiceInfo { Name = "intrada-trainer", Version = "1.0.0", Build = "1.0.0+ab12cd34" },
            };
            if (kind == StageKind.Inter && _options.WithReplacedTrainer)
            {
                stage.EarlierServices.Add(new ServiceInfo { Name = "intrada-trainer", Version = "0.9.3", Build = "0.9.3+00ff00ff" });
            }

            stage.Inputs["dataset"] = Reference($"datasets/{kind}");
            stage.Outputs["weights"] = Reference($"stages/{kind}/weights.safetensors");
            workflow.Stages.Add(stage);
            at = at.AddSeconds(skipped ? 0 : seconds);
        }

        return workflow;
    }

    private static Artifact Reference(string key) => new()
    {
        Key = key.ToLowerInvariant(), Sha256 = Digest(key), SizeBytes = 2_412_345, MediaType = "application/octet-stream",
    };

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private double Gauss() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}

using System.Globalization;
using Google.Protobuf.Reflection;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hostile.Tests.World;
using GatewayV1 = IntraDA.Contracts.Gateway.V1;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Hostile.Tests.Fields;

/// <summary>Values that no field takes, for every number and enum of a training, and for every other field by its kind.</summary>
public sealed class HostileFieldTests(HostileEnsemble ensemble)
{
    private static readonly double[] BadReals = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, -1e300];
    private static readonly int[] BadIntegers = [-1, int.MinValue];

    // What a stage fills in by itself, and numbers that only have a least value.
    private static readonly (string Field, object Value)[] TooMuch =
    [
        ("iterations", 10_000_001), ("iterations", int.MaxValue), ("batch_size", 65), ("batch_size", 0), ("batch_size", int.MaxValue), ("momentum", 1.01),
        ("discriminator_width", 3), ("discriminator_width", 257), ("checkpoint_every", 0), ("schedule_iterations", 0), ("learning_rate", 0.0),
        ("head_learning_rate_factor", 0.0), ("discriminator_learning_rate", 0.0),
    ];

    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_value_is_refused_by_field(string name) => ensemble.RefuseAsync(Cases[name]);

    private static IEnumerable<HostileCase> Make() =>
        [.. TrainingNumbers(), .. Sizes(), .. Trainings(), .. Workflows(), .. Rankings(), .. PseudoLabels(), .. Pages(), .. Others()];

    private static IEnumerable<HostileCase> TrainingNumbers()
    {
        foreach (var field in TrainingOptions.Descriptor.Fields.InDeclarationOrder())
        {
            object[] values = field.FieldType switch
            {
                FieldType.Double => [.. BadReals.Cast<object>()],
                FieldType.Int32 => [.. BadIntegers.Cast<object>()],
                FieldType.Enum => [99, -1],
                _ => [],
            };
            foreach (var value in values.Concat(TooMuch.Where(one => one.Field == field.Name).Select(one => one.Value)))
            {
                var shown = string.Create(CultureInfo.InvariantCulture, $"{field.Name} = {value}");
                var set = field;
                yield return Training($"trainer: {shown}", field.Name, options => Set(options, set, value));
                yield return Stage($"workflow: {shown}", field.Name, options => Set(options, set, value));
            }
        }
    }

    private static IEnumerable<HostileCase> Sizes()
    {
        foreach (var (width, height) in new[] { (15, 64), (64, 15), (8193, 64), (64, 8193), (0, 0), (-1, -1), (int.MaxValue, int.MaxValue), (int.MinValue, 64) })
        {
            var size = new ImageSize { Width = width, Height = height };
            yield return Training($"trainer: labelled_size {width}x{height}", "labelled_size", options => options.LabelledSize = size);
            yield return Stage($"workflow: unlabelled_size {width}x{height}", "unlabelled_size", options => options.UnlabelledSize = size);
        }

        yield return Training("trainer: a batch that no memory holds", "labelled_size", options =>
        {
            options.BatchSize = 64;
            options.LabelledSize = new ImageSize { Width = 8192, Height = 8192 };
        });
    }

    private static IEnumerable<HostileCase> Trainings()
    {
        yield return Trainer("no specification", "spec", request => request.Spec = null);
        yield return Trainer("no architecture", "spec.architecture", request => request.Spec.Architecture = "");
        yield return Trainer("an architecture of a path", "spec.architecture", request => request.Spec.Architecture = "../../x");
        yield return Trainer("an architecture of a megabyte", "spec.architecture", request => request.Spec.Architecture = new string('n', 1 << 20));
        yield return Trainer("no sets", "spec.labelled", request => request.Spec.Labelled.Clear());
        yield return Trainer("a set without a manifest", "spec.labelled[0].dataset", request => request.Spec.Labelled[0].Dataset = null);
        yield return Trainer("an unlabelled set where none is taken", "spec.unlabelled", request => request.Spec.Unlabelled = request.Spec.Labelled[0].Dataset);
        yield return Trainer("no unlabelled set where one is needed", "spec.unlabelled", request => request.Spec.Options.Method = AdaptationMethod.Advent);
        yield return Trainer("evaluate_every -1", "spec.evaluate_every", request => request.Spec.EvaluateEvery = -1);
        foreach (var device in new[] { "cuda", "cuda:-1", "/dev/null", "cpu;rm", "GPU", "\0" })
        {
            yield return Trainer($"device {device.Replace('\0', '0')}", "spec.device", request => request.Spec.Device = device);
        }

        foreach (var weight in new[] { double.NaN, double.NegativeInfinity, double.PositiveInfinity, -0.1 })
        {
            yield return Trainer(
                string.Create(CultureInfo.InvariantCulture, $"weight {weight}"), "spec.labelled[0].weight", request => request.Spec.Labelled[0].Weight = weight);
        }
    }

    private static IEnumerable<HostileCase> Workflows()
    {
        yield return new HostileCase(
            "workflow: no specification", StatusCode.InvalidArgument, "spec", w => w.Gateway.CreateWorkflowAsync(new CreateWorkflowRequest(), w.Soon).ResponseAsync);
        foreach (var lambda in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.01, 1.01 })
        {
            yield return Workflow(Shown("lambda", lambda), "spec.ranking.lambda", spec => spec.Ranking = new RankingOptions { Lambda = lambda });
        }

        yield return Workflow("title of 65 characters", "spec.title", spec => spec.Title = new string('t', 65));
        yield return Workflow("title of a megabyte", "spec.title", spec => spec.Title = new string('\u202e', 300_000));
        yield return Workflow("ranking method 99", "spec.ranking.method", spec => spec.Ranking = new RankingOptions { Method = (RankingMethod)99 });
        yield return Workflow("rare train id 2^31-1", "spec.ranking.rare_train_ids", spec => spec.Ranking = new RankingOptions { RareTrainIds = { int.MaxValue } });
        yield return Workflow("rare train id -1", "spec.ranking.rare_train_ids", spec => spec.Ranking = new RankingOptions { RareTrainIds = { -1 } });
        yield return Workflow("policy 99", "spec.pseudo_labels.policy", spec => spec.PseudoLabels = new PseudoLabelOptions { Policy = (PseudoLabelPolicy)99 });
        yield return Workflow("threshold NaN", "spec.pseudo_labels.confidence_threshold", spec => spec.PseudoLabels = new PseudoLabelOptions { ConfidenceThreshold = double.NaN });
        yield return Workflow("class share 0", "spec.pseudo_labels.class_share", spec => spec.PseudoLabels = new PseudoLabelOptions { ClassShare = 0 });
        yield return Workflow("intra start 99", "spec.intra_start", spec => spec.IntraStart = (IntraStart)99);
        yield return Workflow("no target", "spec.target", spec => spec.Target = "");
        yield return Workflow("unknown validation set", "spec.validation", spec => spec.Validation = "none");
        yield return Workflow("trainer of a path", "spec.trainer", spec => spec.Trainer = "../x@@");
        yield return Workflow("device of a path", "spec.device", spec => spec.Device = "/dev/mem");
        yield return Workflow("architecture of a megabyte", "spec.architecture", spec => spec.Architecture = new string('x', 1 << 20));
    }

    private static IEnumerable<HostileCase> Rankings()
    {
        foreach (var lambda in new[] { double.NaN, double.PositiveInfinity, -1, 1.0000001 })
        {
            yield return Rank(Shown("lambda", lambda), "options.lambda", options => options.Lambda = lambda);
            yield return new HostileCase(
                $"gateway: {Shown("lambda", lambda)}",
                StatusCode.InvalidArgument,
                "options.lambda",
                w => w.Gateway.RankAsync(new GatewayV1.RankRequest { ScoreTable = w.Manifest, Options = new RankingOptions { Lambda = lambda } }, w.Soon).ResponseAsync);
        }

        yield return Rank("method 99", "options.method", options => options.Method = (RankingMethod)99);
        yield return Rank("2^31-1 classes", "options.rare_train_ids", options => options.RareTrainIds.Add(int.MaxValue));
        yield return Rank("a class -2^31", "options.rare_train_ids", options => options.RareTrainIds.Add(int.MinValue));
        yield return Rank("a class twice", "options.rare_train_ids", options => options.RareTrainIds.AddRange([3, 3]));
        yield return Rank("500,000 classes", "options.rare_train_ids", options => options.RareTrainIds.AddRange(Enumerable.Range(0, 500_000)));
        yield return Rank("rare classes that are not named", "options.rare_train_ids", options => options.Method = RankingMethod.RareClass);
        foreach (var (name, bytes) in Tables)
        {
            yield return new HostileCase(
                $"score table: {name}",
                StatusCode.InvalidArgument,
                "score_table",
                async w => await w.Ranker.RankAsync(new RankerV1.RankRequest { ScoreTable = await w.UploadAsync(bytes), OutputPrefix = "x" }, w.Soon));
        }
    }

    private static Dictionary<string, byte[]> Tables => new()
    {
        ["nothing"] = [],
        ["text"] = "id,score\na,0.1\n"u8.ToArray(),
        ["only the marks"] = "PAR1PAR1"u8.ToArray(),
        ["a footer of 2 GiB"] = [.. "PAR1"u8, .. new byte[20], 0xFF, 0xFF, 0xFF, 0x7F, .. "PAR1"u8],
        ["a negative footer"] = [.. "PAR1"u8, .. new byte[20], 0xFF, 0xFF, 0xFF, 0xFF, .. "PAR1"u8],
        ["a footer of noise"] = [.. "PAR1"u8, .. Images.NoImages.Noise(300), 0x20, 1, 0, 0, .. "PAR1"u8],
        ["zeros"] = new byte[1000],
    };

    private static IEnumerable<HostileCase> PseudoLabels()
    {
        (string, string, Action<PseudoLabelOptions>)[] rules =
        [
            ("policy 99", "options.policy", options => options.Policy = (PseudoLabelPolicy)99),
            ("threshold NaN", "options.confidence_threshold", options => options.ConfidenceThreshold = double.NaN),
            ("threshold 1.1", "options.confidence_threshold", options => options.ConfidenceThreshold = 1.1),
            ("share 0", "options.class_share", options => options.ClassShare = 0),
            ("share infinite", "options.class_share", options => options.ClassShare = double.PositiveInfinity),
        ];
        foreach (var (name, field, change) in rules)
        {
            yield return new HostileCase($"pseudo-labels: {name}", StatusCode.InvalidArgument, field, w =>
            {
                var options = new PseudoLabelOptions();
                change(options);
                return LabelAsync(w, w.Manifest, w.Manifest, w.Manifest, options);
            });
        }

        yield return Bad("a split that is no text", "easy_split", async w => await LabelAsync(w, await Predictions(w, "[]"), await w.UploadAsync([0xFF, 0xFE, 0, 1]), w.Image));
        yield return Bad("a split with an id twice", "easy_split", async w => await LabelAsync(w, await Predictions(w, "[]"), await Text(w, "one\none\n"), await Text(w, "two\n")));
        yield return Bad("an id on both splits", "hard_split", async w => await LabelAsync(w, await Predictions(w, "[]"), await Text(w, "one\n"), await Text(w, "one\n")));
        yield return Bad("an unknown id", "easy_split", async w => await LabelAsync(w, await Predictions(w, "[]"), await Text(w, "../../x\n"), await Text(w, "")));
        yield return Bad("an id without a prediction", "predictions", async w => await LabelAsync(w, await Predictions(w, "[]"), await Text(w, "one\n"), await Text(w, "")));
        foreach (var (name, items) in new[]
                 {
                     ("no list", "null"), ("null", "[null]"), ("a number", "[5]"), ("no id", "[{\"labelMap\": null}]"), ("no label map", "[{\"id\":\"one\",\"labelMap\":null,\"confidenceMap\":null}]"),
                     ("a key that leads up", "[{\"id\":\"one\",\"labelMap\":{\"key\":\"../x\",\"sha256\":\"" + new string('a', 64) + "\",\"sizeBytes\":5,\"mediaType\":\"image/png\"},\"confidenceMap\":null}]"),
                     ("a negative size", "[{\"id\":\"one\",\"labelMap\":{\"key\":\"x\",\"sha256\":\"" + new string('a', 64) + "\",\"sizeBytes\":-5,\"mediaType\":\"image/png\"},\"confidenceMap\":null}]"),
                 })
        {
            yield return Bad($"predictions: {name}", "predictions", async w => await LabelAsync(w, await Predictions(w, items), await Text(w, "one\n"), await Text(w, "")));
        }

        yield return Bad("predictions of another format", "predictions", async w => await LabelAsync(w, await Text(w, "{\"format\":\"x\",\"items\":[]}"), await Text(w, "one\n"), await Text(w, "")));
        yield return Bad("predictions nested a thousand times", "predictions", async w => await LabelAsync(w, await Text(w, new string('[', 1000)), await Text(w, "one\n"), await Text(w, "")));
        yield return Bad("a data set that is none", "dataset", async w => await HostileEnsemble.DrainAsync(w.Ranker.GeneratePseudoLabels(
            new GeneratePseudoLabelsRequest { Dataset = w.Image, Predictions = w.Image, EasySplit = w.Image, HardSplit = w.Image, OutputPrefix = "x" }, w.Soon)));

        static HostileCase Bad(string name, string field, Func<HostileEnsemble, Task> send) => new($"pseudo-labels: {name}", StatusCode.InvalidArgument, field, send);

        static Task<Artifact> Text(HostileEnsemble w, string text) => w.UploadAsync(System.Text.Encoding.UTF8.GetBytes(text));

        static Task<Artifact> Predictions(HostileEnsemble w, string items) => Text(w, $"{{\"format\":\"intrada.predictions/1\",\"items\":{items}}}");
    }

    private static IEnumerable<HostileCase> Pages()
    {
        (string Name, Func<HostileEnsemble, int, string, Task> Send)[] lists =
        [
            ("workflows", (w, size, token) => w.Gateway.ListWorkflowsAsync(new ListWorkflowsRequest { PageSize = size, PageToken = token }, w.Soon).ResponseAsync),
            ("data sets", (w, size, token) => w.Gateway.ListDatasetsAsync(new ListDatasetsRequest { PageSize = size, PageToken = token }, w.Soon).ResponseAsync),
            ("models", (w, size, token) => w.Gateway.ListModelsAsync(new GatewayV1.ListModelsRequest { PageSize = size, PageToken = token }, w.Soon).ResponseAsync),
            ("trainings", (w, size, token) => w.Trainer.ListTrainingsAsync(new ListTrainingsRequest { PageSize = size, PageToken = token }, w.Soon).ResponseAsync),
        ];
        foreach (var (name, send) in lists)
        {
            yield return new HostileCase($"{name}: page of -1", StatusCode.InvalidArgument, "page_size", w => send(w, -1, ""));
            yield return new HostileCase($"{name}: page of -2^31", StatusCode.InvalidArgument, "page_size", w => send(w, int.MinValue, ""));
            yield return new HostileCase($"{name}: a token of a path", StatusCode.InvalidArgument, "page_token", w => send(w, 5, "../../etc"));
            yield return new HostileCase($"{name}: a token of control characters", StatusCode.InvalidArgument, "page_token", w => send(w, 5, "AA\r\n\0"));
            yield return new HostileCase($"{name}: a token of a megabyte", StatusCode.InvalidArgument, "page_token", w => send(w, 5, new string('*', 1 << 20)));
        }
    }

    private static IEnumerable<HostileCase> Others()
    {
        foreach (var seconds in new[] { -1, int.MinValue, 604_801, int.MaxValue })
        {
            yield return new HostileCase(
                string.Create(CultureInfo.InvariantCulture, $"a link of {seconds} s"),
                StatusCode.InvalidArgument,
                "lifetime_seconds",
                w => w.Gateway.CreateDownloadLinkAsync(new CreateDownloadLinkRequest { Artifact = w.Image, LifetimeSeconds = seconds }, w.Soon).ResponseAsync);
        }

        foreach (var type in new[] { "text/html\r\nSet-Cookie: a=b", "text", "te xt/html", new string('a', 200) + "/b" })
        {
            yield return new HostileCase(
                $"a link of the type {type.Length} {type[..4]}",
                StatusCode.InvalidArgument,
                "artifact.media_type",
                w => w.Gateway.CreateDownloadLinkAsync(
                    new CreateDownloadLinkRequest { Artifact = new Artifact { Key = w.Image.Key, Sha256 = w.Image.Sha256, SizeBytes = w.Image.SizeBytes, MediaType = type } }, w.Soon).ResponseAsync);
        }

        foreach (var (name, dataset) in new[] { ("nothing", ""), ("dots", ".."), ("65 characters", new string('d', 65)) })
        {
            yield return new HostileCase(
                $"evaluation of {name}",
                StatusCode.InvalidArgument,
                "dataset",
                w => HostileEnsemble.DrainAsync(w.Gateway.Evaluate(new GatewayV1.EvaluateRequest { Model = new WorkflowModel { Checkpoint = w.Checkpoint }, Dataset = dataset }, w.Soon)));
        }

        yield return new HostileCase(
            "a stage that makes no network",
            StatusCode.InvalidArgument,
            "options.model.stage",
            w => w.Gateway.PredictAsync(
                new GatewayV1.PredictRequest { Options = new GatewayV1.PredictionOptions { Model = new WorkflowModel { WorkflowId = "wf-0", Stage = (StageKind)99 } }, Image = new SegmenterV1.ImageInput() }, w.Soon).ResponseAsync);
        yield return new HostileCase(
            "a prediction of nothing by nothing", StatusCode.InvalidArgument, "image", w => w.Gateway.PredictAsync(new GatewayV1.PredictRequest(), w.Soon).ResponseAsync);
        yield return new HostileCase(
            "segmenter: a prediction without options", StatusCode.InvalidArgument, "options", w => w.Segmenter.PredictAsync(new SegmenterV1.PredictRequest(), w.Soon).ResponseAsync);
        yield return new HostileCase(
            "segmenter: a model of a megabyte",
            StatusCode.NotFound,
            null,
            w => w.Segmenter.UnloadModelAsync(new SegmenterV1.UnloadModelRequest { Name = new string('ю', 500_000) }, w.Soon).ResponseAsync);
        yield return new HostileCase(
            "confidence maps without label maps",
            StatusCode.InvalidArgument,
            "write_confidence_maps",
            w => HostileEnsemble.DrainAsync(w.Segmenter.ScoreDataset(
                new SegmenterV1.ScoreDatasetRequest { Model = new SegmenterV1.ModelSelector { Checkpoint = w.Checkpoint }, Dataset = w.Manifest, OutputPrefix = "x", WriteConfidenceMaps = true }, w.Soon)));
        yield return new HostileCase(
            "a data set from nowhere", StatusCode.InvalidArgument, "origin", w => w.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "x" }, w.Soon).ResponseAsync);
        yield return new HostileCase(
            "a layout of a path",
            StatusCode.InvalidArgument,
            "directory.layout",
            w => w.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "x", Directory = new DirectoryDataset { Path = w.DataRoot, Layout = "../x" } }, w.Soon).ResponseAsync);
    }

    private static string Shown(string field, double value) => string.Create(CultureInfo.InvariantCulture, $"{field} = {value}");

    private static void Set(TrainingOptions options, FieldDescriptor field, object value) =>
        field.Accessor.SetValue(options, field.FieldType == FieldType.Enum ? Enum.ToObject(field.EnumType.ClrType, value) : value);

    private static HostileCase Training(string name, string field, Action<TrainingOptions> change) =>
        Trainer(name, $"spec.options.{field}", request => change(request.Spec.Options));

    private static HostileCase Trainer(string name, string field, Action<StartTrainingRequest> change) => new(
        name.StartsWith("trainer: ", StringComparison.Ordinal) ? name : $"trainer: {name}",
        StatusCode.InvalidArgument,
        field,
        world =>
        {
            var request = new StartTrainingRequest { RequestId = "hostile", Spec = world.Training(1) };
            change(request);
            return world.Trainer.StartTrainingAsync(request, world.Soon).ResponseAsync;
        });

    private static HostileCase Stage(string name, string field, Action<TrainingOptions> change) => Workflow(name, $"spec.inter_options.{field}", spec =>
    {
        spec.InterOptions = new TrainingOptions { Method = AdaptationMethod.Advent, Iterations = 1 };
        change(spec.InterOptions);
    });

    private static HostileCase Workflow(string name, string field, Action<WorkflowSpec> change) => new(
        name.StartsWith("workflow: ", StringComparison.Ordinal) ? name : $"workflow: {name}",
        StatusCode.InvalidArgument,
        field,
        world =>
        {
            var spec = new WorkflowSpec { Source = "labelled", Target = "labelled", Validation = "labelled" };
            change(spec);
            return world.Gateway.CreateWorkflowAsync(new CreateWorkflowRequest { Spec = spec }, world.Soon).ResponseAsync;
        });

    private static HostileCase Rank(string name, string field, Action<RankingOptions> change) => new(
        $"ranking: {name}",
        StatusCode.InvalidArgument,
        field,
        world =>
        {
            var options = new RankingOptions();
            change(options);
            return world.Ranker.RankAsync(new RankerV1.RankRequest { ScoreTable = world.Manifest, Options = options, OutputPrefix = "x" }, world.Soon).ResponseAsync;
        });

    private static Task LabelAsync(HostileEnsemble world, Artifact predictions, Artifact easy, Artifact hard, PseudoLabelOptions? options = null) =>
        HostileEnsemble.DrainAsync(world.Ranker.GeneratePseudoLabels(
            new GeneratePseudoLabelsRequest { Dataset = world.Manifest, Predictions = predictions, EasySplit = easy, HardSplit = hard, Options = options, OutputPrefix = "x" },
            world.Soon));
}

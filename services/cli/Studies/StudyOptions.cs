using System.CommandLine;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Demo;
using IntraDA.Cli.Errors;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Studies;

/// <summary>The options that studies have in common: data, seeds and sizes.</summary>
internal sealed class StudyOptions
{
    private const int MostIterations = 10_000_000;
    private const int MostImages = 1_000_000;
    private const int DefaultSeeds = 3;

    private readonly DatasetOptions _source = new("source", "Folder of the labelled source (default: the demonstration's synthetic pair).", "train", required: false);
    private readonly DatasetOptions _target = new("target", "Folder of the unlabelled target; labels in it are never opened.", "train", required: false);
    private readonly DatasetOptions _validation =
        new("validation", "Folder of the labelled validation set (default: the target's).", "val", required: false);

    private readonly Option<string?> _layout = OptionRules.Choice("--layout", "Layout of all folders", Choices.Layouts);
    private readonly Option<string?> _protocol = OptionRules.Choice("--protocol", "Label space (default: the layout's own)", Choices.Protocols);
    private readonly Option<int?> _seeds = new("--seeds") { Description = $"Number of training seeds, 1, 2, ... (default: {DefaultSeeds}).", HelpName = "N" };
    private readonly Option<string?> _seedList = NumberList.Option(
        "--seed-list", "The training seeds themselves, in place of --seeds.", ulong.MinValue, ulong.MaxValue);

    private readonly Option<ulong> _dataSeed = new("--data-seed")
    {
        Description = "Seed of the synthetic pair: choose settings on one, judge them on another.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    private readonly Option<int?> _sourceImages = new("--images-source") { Description = "Labelled scenes of the synthetic pair.", HelpName = "N" };
    private readonly Option<int?> _targetImages = new("--images-target") { Description = "Unlabelled scenes of the synthetic pair.", HelpName = "N" };
    private readonly Option<int?> _validationImages = new("--images-validation") { Description = "Labelled target scenes that no training sees.", HelpName = "N" };
    private readonly Option<bool> _quick = new("--quick") { Description = "Sizes that show the machinery; the figures mean nothing." };
    private readonly OutOption _out;
    private readonly Option<string> _network = new("--network") { Description = "Network.", DefaultValueFactory = _ => "compact", HelpName = "NAME" };
    private readonly Option<string?> _weights = new("--initial-weights") { Description = "Weights to start from (.safetensors or .pth).", HelpName = "FILE" };
    private readonly Option<string?> _intraStart = OptionRules.Choice("--intra-start", "Network that step two starts from (default: inter; initial for deeplabv2-*, as published)", Choices.Starts);
    private readonly PseudoLabelArguments _pseudo = new();
    private readonly Option<bool> _keepSource = new("--keep-source") { Description = "Keep the source's labels in every second step (not published)." };
    private readonly Option<int?> _sourceIterations = new("--iterations-source") { Description = "Iterations on the source alone.", HelpName = "N" };
    private readonly Option<int?> _interIterations = new("--iterations-inter") { Description = "Iterations of step one.", HelpName = "N" };
    private readonly Option<int?> _intraIterations = new("--iterations-intra") { Description = "Iterations of step two and of its control.", HelpName = "N" };
    private readonly Option<double?> _intraRate = new("--learning-rate-intra") { Description = "Learning rate of step two and of its control.", HelpName = "X" };
    private readonly Option<int?> _batch = new("--batch-size") { Description = "Images per set and iteration, 1 to 64.", HelpName = "N" };
    private readonly Option<int?> _width = new("--width") { Description = "Width to which images are resized; with --height.", HelpName = "PIXELS" };
    private readonly Option<int?> _height = new("--height") { Description = "Height to which images are resized; with --width.", HelpName = "PIXELS" };
    private readonly Option<string?> _augmentation = OptionRules.Choice("--augmentation", "Photometric augmentation", Choices.Switches);
    private readonly TrainingSettingOption _settings = new();
    private readonly Option<string> _trainer = new("--trainer") { Description = "Trainer, e.g. intrada-trainer@1.x.", DefaultValueFactory = _ => "", HelpName = "NAME@RANGE" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };

    /// <summary>Defines the options.</summary>
    /// <param name="study">Name of the study; gives the default folder its name.</param>
    public StudyOptions(string study)
    {
        _out = OutOption.Folder("Folder for study.json, study.md, the reports and the scenes.");
        _out.DefaultValueFactory = _ => $"intrada-{study}";
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _seeds.Between(1, 1000);
        _sourceImages.Between(1, MostImages);
        _targetImages.Between(1, MostImages);
        _validationImages.Between(1, MostImages);
        _sourceIterations.Between(0, MostIterations);
        _interIterations.Between(1, MostIterations);
        _intraIterations.Between(1, MostIterations);
        _intraRate.Between(1e-12, 1000);
        _batch.Between(1, 64);
        _width.Between(16, 8192);
        _height.Between(16, 8192);
        _dataSeed.AtLeast(0UL);
        Option[] first = [_seeds, _seedList, _dataSeed, _quick, _out];
        Option[] others =
        [
            _layout, _protocol, _sourceImages, _targetImages, _validationImages, _network, _weights, _intraStart, .. _pseudo.Options,
            _keepSource, _sourceIterations, _interIterations, _intraIterations, _intraRate, _batch, _width, _height, _augmentation,
            _settings.Option, _trainer, _device,
        ];
        foreach (var option in first)
        {
            command.Add(option);
        }

        _source.AddTo(command);
        _target.AddTo(command);
        _validation.AddTo(command);
        foreach (var option in others)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            if (Given(_width) != Given(_height))
            {
                result.AddError("--width and --height belong together: give both, or neither.");
            }

            if (Given(_seeds) && Given(_seedList))
            {
                result.AddError("--seeds and --seed-list say the same: give one of them.");
            }

            if (Given(_source.Directory) != Given(_target.Directory))
            {
                result.AddError("--source and --target belong together: give both, or neither for the synthetic pair.");
            }

            Option[] synthetic = [_dataSeed, _sourceImages, _targetImages, _validationImages];
            if (Given(_source.Directory) && synthetic.FirstOrDefault(Given) is { } needless)
            {
                result.AddError($"{needless.Name} is about the synthetic pair; leave it out with --source.");
            }

            _pseudo.RefuseNeedless(result);
        });
    }

    /// <summary>The folder for everything that is written.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>An absolute path.</returns>
    public string Out(ParseResult parsed) => Path.GetFullPath(parsed.GetRequiredValue(_out));

    /// <summary>The training seeds.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>At least one, each once.</returns>
    public IReadOnlyList<ulong> Seeds(ParseResult parsed) => parsed.GetValue(_seedList) is { } list
        ? NumberList.Read<ulong>(list)
        : [.. Enumerable.Range(1, parsed.GetValue(_seeds) ?? DefaultSeeds).Select(seed => (ulong)seed)];

    /// <summary>The user's folders, checked; null for the synthetic pair.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Each folder by its role.</returns>
    /// <exception cref="CliException">One of them, or a list, is missing.</exception>
    public IReadOnlyDictionary<string, DatasetPlace>? Places(ParseResult parsed)
    {
        if (parsed.GetValue(_source.Directory) is null)
        {
            return null;
        }

        var layout = parsed.GetValue(_layout);
        var protocol = parsed.GetValue(_protocol) ?? "";
        var target = _target.Read(parsed, layout, protocol, ignoreLabels: true);
        return new Dictionary<string, DatasetPlace>
        {
            ["source"] = _source.Read(parsed, layout, protocol, ignoreLabels: false),
            ["target"] = target,
            ["validation"] = _validation.Read(parsed, layout, protocol, ignoreLabels: false, fallback: target),
        };
    }

    /// <summary>The synthetic pair that takes the place of folders.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The pair.</returns>
    public SyntheticPair Pair(ParseResult parsed)
    {
        var size = Size(parsed);
        return new SyntheticPair(
            Path.Combine(Out(parsed), "data"),
            parsed.GetValue(_dataSeed),
            size with
            {
                SourceImages = parsed.GetValue(_sourceImages) ?? size.SourceImages,
                TargetImages = parsed.GetValue(_targetImages) ?? size.TargetImages,
                ValidationImages = parsed.GetValue(_validationImages) ?? size.ValidationImages,
            });
    }

    /// <summary>The network.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Its name, known or not.</returns>
    public string Network(ParseResult parsed) => parsed.GetRequiredValue(_network);

    /// <summary>The file of initial weights, checked.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Its path; null where none was given.</returns>
    /// <exception cref="CliException">It is not there.</exception>
    public string? InitialWeights(ParseResult parsed)
    {
        var path = parsed.GetValue(_weights);
        return path is null || File.Exists(path)
            ? path
            : throw new CliException($"--initial-weights {path} is not there; check the path of the file");
    }

    /// <summary>What all cells have in common.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The registered sets by role.</param>
    /// <param name="weights">The stored initial weights, if any.</param>
    /// <returns>The settings.</returns>
    public AdaptSettings Settings(ParseResult parsed, IReadOnlyDictionary<string, Dataset> data, Artifact? weights)
    {
        // The recipe's lengths are for the user's data; the synthetic pair and quick runs have lengths of their own.
        var lengths = parsed.GetValue(_quick) || parsed.GetValue(_source.Directory) is null ? Size(parsed) : null;
        return new AdaptSettings
        {
            Source = data["source"].Name,
            Target = data["target"].Name,
            Validation = data["validation"].Name,
            Network = parsed.GetRequiredValue(_network),
            InitialWeights = weights,
            Ranking = RankingMethod.Entropy,
            PseudoLabels = _pseudo.Read(parsed),
            IntraStart = Of(parsed, _intraStart, Choices.Starts, IntraStart.Unspecified),
            KeepSource = parsed.GetValue(_keepSource),
            SourceIterations = parsed.GetValue(_sourceIterations) ?? lengths?.SourceIterations,
            InterIterations = parsed.GetValue(_interIterations) ?? lengths?.InterIterations,
            IntraIterations = parsed.GetValue(_intraIterations) ?? lengths?.IntraIterations,
            BatchSize = parsed.GetValue(_batch),
            Size = parsed.GetValue(_width) is { } width && parsed.GetValue(_height) is { } height
                ? new ImageSize { Width = width, Height = height }
                : null,
            Augmentation = parsed.GetValue(_augmentation) is { } augmentation ? Choices.Switches[augmentation] : null,
            Settings = [.. IntraRate(parsed), .. _settings.Read(parsed)],
            Trainer = parsed.GetRequiredValue(_trainer),
            Device = parsed.GetRequiredValue(_device),
        };
    }

    private TrainingSetting[] IntraRate(ParseResult parsed) => parsed.GetValue(_intraRate) is { } rate
        ? [new TrainingSetting(["intra"], new TrainingOptions { LearningRate = rate })]
        : [];

    private static T Of<T>(ParseResult parsed, Option<string?> option, IReadOnlyDictionary<string, T> choices, T otherwise) =>
        parsed.GetValue(option) is { } name ? choices[name] : otherwise;

    private DemoPlan Size(ParseResult parsed) => parsed.GetValue(_quick) ? DemoPlan.Quick : DemoPlan.Full;
}

using System.CommandLine;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Scoring;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Adapt;

/// <summary>The options of <c>adapt</c>.</summary>
internal sealed class AdaptOptions
{
    private const int MostIterations = 10_000_000;

    private readonly DatasetOptions _source = new("source", "Folder of the labelled source.", "train", required: true);
    private readonly DatasetOptions _target = new("target", "Folder of the unlabelled target; labels in it are never opened.", "train", required: true);
    private readonly DatasetOptions _validation =
        new("validation", "Folder of the labelled validation set (default: the target's, where it has labels; else nothing is measured).", "val", required: false);

    private readonly Option<string?> _layout = OptionRules.Choice("--layout", "Layout of all folders", Choices.Layouts);
    private readonly Option<string?> _protocol = OptionRules.Choice("--protocol", "Label space (default: the layout's own)", Choices.Protocols);
    private readonly Option<string> _network = new("--network")
    {
        Description = "Network: compact, deeplabv2-resnet50, deeplabv2-resnet101, ...",
        DefaultValueFactory = _ => "compact",
        HelpName = "NAME",
    };

    private readonly Option<string?> _weights = new("--initial-weights")
    {
        Description = "Weights to start from (.safetensors or .pth); without them the source stage trains from scratch.",
        HelpName = "FILE",
    };

    private readonly OutOption _out = OutOption.Folder("Folder for the report.");
    private readonly Option<double?> _lambda = new("--lambda") { Description = "Share of target images called easy, 0 to 1.", HelpName = "X" };
    private readonly Option<string?> _ranking = OptionRules.Choice("--ranking", "Ranking score", Choices.Rankings);
    private readonly Option<string?> _rare = RareClasses.Option();
    private readonly PseudoLabelArguments _pseudo = new();
    private readonly Option<string?> _method = OptionRules.Choice("--method", "Method of step one (default: advent)", Choices.Methods);
    private readonly Option<string?> _intraMethod = OptionRules.Choice(
        "--intra-method", "Method of step two (default: advent; source-only is self-training alone)", Choices.Methods);

    private readonly Option<string?> _intraStart = OptionRules.Choice("--intra-start", "Network that step two starts from (default: inter; initial for deeplabv2-*, as published)", Choices.Starts);
    private readonly Option<bool> _keepSource = new("--keep-source") { Description = "Keep the source's labels in step two (not published)." };
    private readonly Option<bool> _skipSelfTraining = new("--skip-self-training")
    {
        Description = "Leave the pseudo-labels out of step two: its adversary alone, learning from the source's labels.",
    };

    private readonly TrainingSettingOption _settings = new();
    private readonly Option<int?> _sourceIterations = new("--iterations-source") { Description = "Iterations on the source alone; 0 leaves it out.", HelpName = "N" };
    private readonly Option<int?> _interIterations = new("--iterations-inter") { Description = "Iterations of step one; 0: its network is the one in --initial-weights.", HelpName = "N" };
    private readonly Option<int?> _intraIterations = new("--iterations-intra") { Description = "Iterations of step two.", HelpName = "N" };
    private readonly Option<int?> _batch = new("--batch-size") { Description = "Images per set and iteration, 1 to 64.", HelpName = "N" };
    private readonly Option<int?> _width = new("--width") { Description = "Width to which images are resized; with --height.", HelpName = "PIXELS" };
    private readonly Option<int?> _height = new("--height") { Description = "Height to which images are resized; with --width.", HelpName = "PIXELS" };
    private readonly Option<string?> _augmentation = OptionRules.Choice("--augmentation", "Photometric augmentation", Choices.Switches);
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of the whole workflow.", HelpName = "N" };
    private readonly Option<bool> _skipControls = new("--skip-controls") { Description = "Leave out the equal-iteration controls." };
    private readonly Option<bool> _skipCache = new("--no-cache") { Description = "Run every stage anew instead of reusing finished equal ones." };
    private readonly Option<bool> _best = new("--best-on-validation") { Description = "Choose snapshots by their mIoU on the validation set (leaks its labels)." };
    private readonly Option<string> _trainer = new("--trainer") { Description = "Trainer, e.g. intrada-trainer@1.x.", DefaultValueFactory = _ => "", HelpName = "NAME@RANGE" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
    private readonly Option<string> _title = new("--title") { Description = "Title for people, up to 64 characters.", DefaultValueFactory = _ => "", HelpName = "TEXT" };
    private readonly Option<bool> _detach = new("--detach") { Description = "Do not wait for the end (needs a gateway that goes on)." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _out.Required = true;
        _lambda.Between(0, 1);
        _sourceIterations.Between(0, MostIterations);
        _interIterations.Between(0, MostIterations);
        _intraIterations.Between(0, MostIterations);
        _batch.Between(1, 64);
        _width.Between(16, 8192);
        _height.Between(16, 8192);
        _seed.AtLeast(0UL);
        _source.AddTo(command);
        _target.AddTo(command);
        _validation.AddTo(command);
        Option[] others =
        [
            _layout, _protocol, _network, _weights, _out, _lambda, _ranking, _rare, .. _pseudo.Options, _method, _intraMethod, _intraStart,
            _keepSource, _sourceIterations, _interIterations, _intraIterations, _batch, _width, _height, _augmentation, _settings.Option, _seed,
            _skipSelfTraining, _skipControls, _skipCache, _best, _trainer, _device, _title, _detach,
        ];
        foreach (var option in others)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_width) is { Implicit: false } != result.GetResult(_height) is { Implicit: false })
            {
                result.AddError("--width and --height belong together: give both, or neither.");
            }

            RareClasses.RefuseNeedless(result, _ranking, _rare);
            _pseudo.RefuseNeedless(result);
        });
    }

    /// <summary>The folder for the report.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>As typed.</returns>
    public string Out(ParseResult parsed) => parsed.GetRequiredValue(_out);

    /// <summary>Whether to leave the workflow alone.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>True where asked for.</returns>
    public bool Detach(ParseResult parsed) => parsed.GetValue(_detach);

    /// <summary>Whether anything of the validation set is named; otherwise it is what the target's folder has labels for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>True where something is.</returns>
    public bool NamesValidation(ParseResult parsed) => _validation.IsGiven(parsed);

    /// <summary>The three folders, checked.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The folders.</returns>
    /// <exception cref="CliException">One of them, or a list, is missing.</exception>
    public (DatasetPlace Source, DatasetPlace Target, DatasetPlace Validation) Places(ParseResult parsed)
    {
        var layout = parsed.GetValue(_layout);
        var protocol = parsed.GetValue(_protocol) ?? "";
        var source = _source.Read(parsed, layout, protocol, ignoreLabels: false);
        var target = _target.Read(parsed, layout, protocol, ignoreLabels: true);
        return (source, target, _validation.Read(parsed, layout, protocol, ignoreLabels: false, fallback: target));
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

    /// <summary>The choices.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">Registered name of the source.</param>
    /// <param name="target">Registered name of the target.</param>
    /// <param name="validation">Registered name of the validation set; empty: none.</param>
    /// <param name="weights">The stored initial weights, if any.</param>
    /// <returns>The settings.</returns>
    public AdaptSettings Settings(ParseResult parsed, string source, string target, string validation, Artifact? weights) => new()
    {
        Title = parsed.GetRequiredValue(_title),
        Source = source,
        Target = target,
        Validation = validation,
        Network = parsed.GetRequiredValue(_network),
        InitialWeights = weights,
        Lambda = parsed.GetValue(_lambda),
        Ranking = Of(parsed, _ranking, Choices.Rankings, RankingMethod.Entropy),
        Rare = RareClasses.Read(parsed, _rare),
        PseudoLabels = _pseudo.Read(parsed),
        InterMethod = Of(parsed, _method, Choices.Methods, AdaptationMethod.Advent),
        IntraMethod = Of(parsed, _intraMethod, Choices.Methods, AdaptationMethod.Advent),
        IntraStart = Of(parsed, _intraStart, Choices.Starts, IntraStart.Unspecified),
        KeepSource = parsed.GetValue(_keepSource),
        SkipSelfTraining = parsed.GetValue(_skipSelfTraining),
        Settings = _settings.Read(parsed),
        SourceIterations = parsed.GetValue(_sourceIterations),
        InterIterations = parsed.GetValue(_interIterations),
        IntraIterations = parsed.GetValue(_intraIterations),
        BatchSize = parsed.GetValue(_batch),
        Size = parsed.GetValue(_width) is { } width && parsed.GetValue(_height) is { } height
            ? new ImageSize { Width = width, Height = height }
            : null,
        Augmentation = parsed.GetValue(_augmentation) is { } augmentation ? Choices.Switches[augmentation] : null,
        Seed = parsed.GetValue(_seed),
        SkipControls = parsed.GetValue(_skipControls),
        SkipCache = parsed.GetValue(_skipCache),
        BestOnValidation = parsed.GetValue(_best),
        Trainer = parsed.GetRequiredValue(_trainer),
        Device = parsed.GetRequiredValue(_device),
    };

    private static T Of<T>(ParseResult parsed, Option<string?> option, IReadOnlyDictionary<string, T> choices, T otherwise) =>
        parsed.GetValue(option) is { } name ? choices[name] : otherwise;
}

using IntraDA.Cli.Splits;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Cli.Adapt;

/// <summary>What a user may choose about a workflow. What is null takes the architecture's recipe, or the contract's default.</summary>
internal sealed record AdaptSettings
{
    /// <summary>For people.</summary>
    public string Title { get; init; } = "";

    /// <summary>Registered name of the labelled source.</summary>
    public required string Source { get; init; }

    /// <summary>Registered name of the unlabelled target.</summary>
    public required string Target { get; init; }

    /// <summary>Registered name of the labelled validation set; empty: nothing is measured.</summary>
    public string Validation { get; init; } = "";

    /// <summary>The network.</summary>
    public string Network { get; init; } = "compact";

    /// <summary>Weights to start from.</summary>
    public Artifact? InitialWeights { get; init; }

    /// <summary>Share of easy images, 0 to 1.</summary>
    public double? Lambda { get; init; }

    /// <summary>The ranking score.</summary>
    public RankingMethod Ranking { get; init; }

    /// <summary>Train ids that count as rare; empty: those that the target's classes name.</summary>
    public IReadOnlyList<int> Rare { get; init; } = [];

    /// <summary>Which pixels of easy images become labels.</summary>
    public PseudoLabelOptions PseudoLabels { get; init; } = new();

    /// <summary>What step one minimises.</summary>
    public AdaptationMethod InterMethod { get; init; } = AdaptationMethod.Advent;

    /// <summary>What step two minimises.</summary>
    public AdaptationMethod IntraMethod { get; init; } = AdaptationMethod.Advent;

    /// <summary>What step two starts from.</summary>
    public IntraStart IntraStart { get; init; }

    /// <summary>Keep the source's labels in step two.</summary>
    public bool KeepSource { get; init; }

    /// <summary>Leave the pseudo-labels out of step two.</summary>
    public bool SkipSelfTraining { get; init; }

    /// <summary>A split, and perhaps its pseudo-labels, that were made elsewhere.</summary>
    public StoredSplit? Split { get; init; }

    /// <summary>Further settings of training stages; they come last.</summary>
    public IReadOnlyList<TrainingSetting> Settings { get; init; } = [];

    /// <summary>Iterations of the source stage; 0 leaves it out.</summary>
    public int? SourceIterations { get; init; }

    /// <summary>Iterations of step one.</summary>
    public int? InterIterations { get; init; }

    /// <summary>Iterations of step two.</summary>
    public int? IntraIterations { get; init; }

    /// <summary>Images per set and iteration.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Size to which all images are resized.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Photometric augmentation.</summary>
    public bool? Augmentation { get; init; }

    /// <summary>Seed of the whole workflow.</summary>
    public ulong Seed { get; init; }

    /// <summary>Leave out the controls.</summary>
    public bool SkipControls { get; init; }

    /// <summary>Run every stage anew.</summary>
    public bool SkipCache { get; init; }

    /// <summary>Choose snapshots by mIoU on the validation set.</summary>
    public bool BestOnValidation { get; init; }

    /// <summary>Name, or name and version range, of the trainer.</summary>
    public string Trainer { get; init; } = "";

    /// <summary>Device of the trainer.</summary>
    public string Device { get; init; } = "";

    /// <summary>The contract's form.</summary>
    /// <returns>A new message.</returns>
    public WorkflowSpec ToSpec()
    {
        var spec = new WorkflowSpec
        {
            Title = Title,
            Source = Source,
            Target = Target,
            Validation = Validation,
            Architecture = Network,
            InitialWeights = InitialWeights,
            SourceOptions = Training(AdaptationMethod.SourceOnly, SourceIterations),
            InterOptions = Training(InterMethod, InterIterations),
            IntraOptions = Training(IntraMethod, IntraIterations),
            Ranking = new RankingOptions { Method = Ranking, RareTrainIds = { Rare } },
            PseudoLabels = PseudoLabels.Clone(),
            KeepSource = KeepSource,
            SkipSelfTraining = SkipSelfTraining,
            IntraStart = IntraStart,
            SkipControls = SkipControls,
            Seed = Seed,
            Trainer = Trainer,
            BestOnValidation = BestOnValidation,
            SkipCache = SkipCache,
            Device = Device,
            EasySplit = Split?.EasyList,
            HardSplit = Split?.HardList,
            Predictions = Split?.Predictions,
        };
        if (Lambda is { } lambda)
        {
            spec.Ranking.Lambda = lambda;
        }

        foreach (var setting in Settings)
        {
            setting.ApplyTo(spec);
        }

        return spec;
    }

    private TrainingOptions Training(AdaptationMethod method, int? iterations)
    {
        var options = new TrainingOptions { Method = method, LabelledSize = Size?.Clone(), UnlabelledSize = Size?.Clone() };
        if (iterations is { } count)
        {
            options.Iterations = count;
        }

        if (BatchSize is { } batch)
        {
            options.BatchSize = batch;
        }

        if (Augmentation is { } augmentation)
        {
            options.PhotometricAugmentation = augmentation;
        }

        return options;
    }
}

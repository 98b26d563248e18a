using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Devices;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Adaptation;

namespace IntraDA.Trainer.Training;

/// <summary>Checks a specification, reads its manifests and fills in what is unset.</summary>
/// <param name="store">Holds the manifests.</param>
public sealed class TrainingPlanner(IArtifactStore store)
{
    private const int MaxManifestBytes = 1 << 30;
    private const int MaxIterations = 10_000_000;

    /// <summary>Makes a plan.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ServiceException">INVALID_ARGUMENT with every violation.</exception>
    public async Task<TrainingPlan> PlanAsync(TrainingSpec spec, CancellationToken cancellationToken)
    {
        var options = spec.Options ?? new TrainingOptions();
        var check = new RequestValidator();
        CheckSpec(spec, options, check);
        CheckOptions(options, check);
        check.ThrowIfAny();

        var labelled = new List<PlannedSet>();
        foreach (var (set, i) in spec.Labelled.Select((s, i) => (s, i)))
        {
            var manifest = await ReadAsync(set.Dataset, $"spec.labelled[{i}].dataset", cancellationToken).ConfigureAwait(false);
            labelled.Add(new PlannedSet(manifest, set.Weight == 0 ? 1 : set.Weight, set.AdversaryOnly));
            CheckLabels(manifest, $"spec.labelled[{i}].dataset", check, needed: !set.AdversaryOnly);
        }

        var unlabelled = spec.Unlabelled is null ? null : await ReadAsync(spec.Unlabelled, "spec.unlabelled", cancellationToken).ConfigureAwait(false);
        var bestOn = spec.BestOn is null ? null : await ReadAsync(spec.BestOn, "spec.best_on", cancellationToken).ConfigureAwait(false);
        if (bestOn is not null)
        {
            CheckLabels(bestOn, "spec.best_on", check, needed: true);
        }

        var first = labelled.Count > 0 ? labelled[0].Manifest : unlabelled!;
        foreach (var (other, field) in labelled.Skip(1).Select(l => (l.Manifest, "spec.labelled"))
                     .Concat(bestOn is null ? [] : [(bestOn, "spec.best_on")]))
        {
            check.Require(
                other.Classes.Names.SequenceEqual(first.Classes.Names),
                field,
                $"The classes of '{other.Name}' are not those of '{first.Name}'; use data sets of one label space.");
        }

        check.Require(unlabelled is null || unlabelled.Items.Count > 0, "spec.unlabelled", "The unlabelled set is empty.");
        check.ThrowIfAny();
        return Fill(spec, options, first.Classes, labelled, unlabelled, bestOn);
    }

    private static void CheckSpec(TrainingSpec spec, TrainingOptions options, RequestValidator check)
    {
        check.Require(
            Architectures.Names.Contains(spec.Architecture),
            "spec.architecture",
            $"Unknown architecture '{spec.Architecture}'; known are {string.Join(", ", Architectures.Names)}.");
        check.Require(
            options.Method is > AdaptationMethod.Unspecified and <= AdaptationMethod.ReEstimateNormalization,
            "spec.options.method",
            "The method is unknown; choose SOURCE_ONLY, MINENT, ADVENT or RE_ESTIMATE_NORMALIZATION.");
        var learns = options.Method != AdaptationMethod.ReEstimateNormalization;
        check.Require(!learns || spec.Labelled.Count > 0, "spec.labelled", "At least one labelled set is needed.");
        check.Require(
            spec.Unlabelled is null == (options.Method == AdaptationMethod.SourceOnly),
            "spec.unlabelled",
            "Every method but SOURCE_ONLY needs an unlabelled set, and SOURCE_ONLY takes none.");
        for (var i = 0; i < spec.Labelled.Count; i++)
        {
            check.RequireArtifact(spec.Labelled[i].Dataset, $"spec.labelled[{i}].dataset");
            check.Require(
                double.IsFinite(spec.Labelled[i].Weight) && spec.Labelled[i].Weight >= 0,
                $"spec.labelled[{i}].weight",
                "A weight is a finite number of at least 0.");
            check.Require(
                !spec.Labelled[i].AdversaryOnly || (i == 0 && options.Method == AdaptationMethod.Advent && spec.Labelled.Count > 1),
                $"spec.labelled[{i}].adversary_only",
                "Only the first set can be there for the adversary alone, with ADVENT, and with another set to learn from.");
        }

        RequireIfSet(spec.InitialWeights, "spec.initial_weights");
        RequireIfSet(spec.Unlabelled, "spec.unlabelled");
        RequireIfSet(spec.BestOn, "spec.best_on");
        check.Require(spec.EvaluateEvery >= 0, "spec.evaluate_every", "It is at least 0.");
        check.Require(
            TorchDevices.IsName(spec.Device),
            "spec.device",
            $"Unknown device '{spec.Device}'; use auto, cpu or cuda:N.");

        void RequireIfSet(Artifact? artifact, string field)
        {
            if (artifact is not null)
            {
                check.RequireArtifact(artifact, field);
            }
        }
    }

    private static void CheckOptions(TrainingOptions o, RequestValidator check)
    {
        void Number(bool set, double value, double low, double high, string field) => check.Require(
            !set || (value >= low && value <= high), $"spec.options.{field}", $"{value} is outside {low} to {high}.");

        void Size(ImageSize? size, string field) => check.Require(
            size is null || (size.Width is >= 16 and <= 8192 && size.Height is >= 16 and <= 8192),
            $"spec.options.{field}",
            "Width and height are 16 to 8192 pixels.");

        Number(o.HasIterations, o.Iterations, 0, MaxIterations, "iterations");
        Number(o.HasScheduleIterations, o.ScheduleIterations, 1, int.MaxValue, "schedule_iterations");
        Number(o.HasBatchSize, o.BatchSize, 1, 64, "batch_size");
        Number(o.HasLearningRate, o.LearningRate, double.Epsilon, 1000, "learning_rate");
        Number(o.HasHeadLearningRateFactor, o.HeadLearningRateFactor, double.Epsilon, 1e6, "head_learning_rate_factor");
        Number(o.HasMomentum, o.Momentum, 0, 1, "momentum");
        Number(o.HasWeightDecay, o.WeightDecay, 0, 1000, "weight_decay");
        Number(o.HasPolyPower, o.PolyPower, 0, 100, "poly_power");
        Number(o.HasDiscriminatorLearningRate, o.DiscriminatorLearningRate, double.Epsilon, 1000, "discriminator_learning_rate");
        Number(o.HasLambdaSegMain, o.LambdaSegMain, 0, 1e6, "lambda_seg_main");
        Number(o.HasLambdaSegAux, o.LambdaSegAux, 0, 1e6, "lambda_seg_aux");
        Number(o.HasLambdaTargetMain, o.LambdaTargetMain, 0, 1e6, "lambda_target_main");
        Number(o.HasLambdaTargetAux, o.LambdaTargetAux, 0, 1e6, "lambda_target_aux");
        Number(o.HasCheckpointEvery, o.CheckpointEvery, 1, MaxIterations, "checkpoint_every");
        Number(o.HasDiscriminatorWidth, o.DiscriminatorWidth, 4, 256, "discriminator_width");
        Size(o.LabelledSize, "labelled_size");
        Size(o.UnlabelledSize, "unlabelled_size");
        check.Require(
            o.OptimizerMode is >= OptimizerMode.Unspecified and <= OptimizerMode.Published,
            "spec.options.optimizer_mode",
            "The mode is unknown; choose CLEAN or PUBLISHED.");
        var iterations = o.HasIterations ? o.Iterations : PublishedDefaults.Iterations;
        check.Require(
            !o.HasScheduleIterations || o.ScheduleIterations >= iterations,
            "spec.options.schedule_iterations",
            $"The schedule ({o.ScheduleIterations}) is shorter than the training ({iterations}).");
        if (o.Method == AdaptationMethod.Advent)
        {
            var small = new[] { o.LabelledSize, o.UnlabelledSize }.Any(s => s is not null && Math.Min(s.Width, s.Height) < 32);
            check.Require(!small, "spec.options.unlabelled_size", "The discriminator needs images of at least 32 pixels each way.");
        }
    }

    private static void CheckLabels(DatasetManifest manifest, string field, RequestValidator check, bool needed)
    {
        check.Require(manifest.Items.Count > 0, field, $"'{manifest.Name}' is empty.");
        var missing = manifest.Items.Count(i => i.Label is null);
        check.Require(!needed || missing == 0, field, $"{missing} of {manifest.Items.Count} images of '{manifest.Name}' have no label map.");
    }

    private static TrainingPlan Fill(
        TrainingSpec spec,
        TrainingOptions o,
        ClassList classes,
        IReadOnlyList<PlannedSet> labelled,
        DatasetManifest? unlabelled,
        DatasetManifest? bestOn)
    {
        var iterations = o.HasIterations ? o.Iterations : PublishedDefaults.Iterations;
        return new TrainingPlan
        {
            Architecture = spec.Architecture,
            Classes = classes,
            Method = o.Method,
            InitialWeights = spec.InitialWeights,
            Labelled = labelled,
            Unlabelled = unlabelled,
            BestOn = bestOn,
            EvaluateEvery = spec.EvaluateEvery > 0 ? spec.EvaluateEvery : Math.Max(1, iterations / 10),
            Iterations = iterations,
            ScheduleIterations = o.HasScheduleIterations
                ? o.ScheduleIterations
                : Math.Max(Math.Max(iterations, 1), o.HasIterations ? 1 : PublishedDefaults.ScheduleIterations),
            BatchSize = o.HasBatchSize ? o.BatchSize : PublishedDefaults.BatchSize,
            LabelledSize = o.LabelledSize is { } l ? (l.Width, l.Height) : (PublishedDefaults.LabelledWidth, PublishedDefaults.LabelledHeight),
            UnlabelledSize = o.UnlabelledSize is { } u ? (u.Width, u.Height) : (PublishedDefaults.UnlabelledWidth, PublishedDefaults.UnlabelledHeight),
            LearningRate = o.HasLearningRate ? o.LearningRate : PublishedDefaults.LearningRate,
            HeadRateFactor = o.HasHeadLearningRateFactor ? o.HeadLearningRateFactor : PublishedDefaults.HeadRateFactor,
            Momentum = o.HasMomentum ? o.Momentum : PublishedDefaults.Momentum,
            WeightDecay = o.HasWeightDecay ? o.WeightDecay : PublishedDefaults.WeightDecay,
            PolyPower = o.HasPolyPower ? o.PolyPower : PublishedDefaults.PolyPower,
            DiscriminatorRate = o.HasDiscriminatorLearningRate ? o.DiscriminatorLearningRate : PublishedDefaults.DiscriminatorRate,
            DiscriminatorWidth = o.HasDiscriminatorWidth ? o.DiscriminatorWidth : PublishedDefaults.DiscriminatorWidth,
            Weights = new LossWeights(
                o.HasLambdaSegMain ? o.LambdaSegMain : PublishedDefaults.SegMain,
                o.HasLambdaSegAux ? o.LambdaSegAux : PublishedDefaults.SegAux,
                o.HasLambdaTargetMain ? o.LambdaTargetMain : PublishedDefaults.TargetMain,
                o.HasLambdaTargetAux ? o.LambdaTargetAux : PublishedDefaults.TargetAux),
            Flip = o.HasFlip && o.Flip,
            Photometric = o.HasPhotometricAugmentation && o.PhotometricAugmentation,
            PublishedUpdates = o.OptimizerMode == OptimizerMode.Published,
            Seed = o.HasSeed ? o.Seed : PublishedDefaults.Seed,
            CheckpointEvery = o.HasCheckpointEvery ? o.CheckpointEvery : PublishedDefaults.CheckpointEvery,
        };
    }

    private Task<DatasetManifest> ReadAsync(Artifact manifest, string field, CancellationToken cancellationToken) =>
        InputFields.NameAsync(field, ParseAsync(manifest, cancellationToken));

    private async Task<DatasetManifest> ParseAsync(Artifact manifest, CancellationToken cancellationToken) =>
        DatasetManifestJson.Parse(await store.ReadBytesAsync(manifest, MaxManifestBytes, cancellationToken).ConfigureAwait(false), manifest.Key);
}

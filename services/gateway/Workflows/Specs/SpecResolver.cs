using System.Text.Json;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Datasets;
using IntraDA.Gateway.Trainers;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>Turns what a user asks for into what will be done, or says everything that is wrong with it at once.</summary>
internal sealed class SpecResolver(DatasetRegistry datasets, TrainerDirectory trainers, GivenSteps givenSteps, IArtifactStore store)
{
    private const string DefaultArchitecture = "compact";
    private const int MaxTitle = 64;

    private static readonly AdaptationMethod[] Methods =
        [AdaptationMethod.SourceOnly, AdaptationMethod.Minent, AdaptationMethod.Advent];

    /// <summary>Resolves a spec.</summary>
    /// <exception cref="ServiceException">INVALID_ARGUMENT with every violation, or FAILED_PRECONDITION where only a trainer is missing.</exception>
    public async Task<ResolvedSpec> ResolveAsync(WorkflowSpec given, CancellationToken cancellationToken)
    {
        var (spec, source, target, validation, predict) = await CheckAsync(given, dataMayBeMissing: false, cancellationToken).ConfigureAwait(false);
        return new ResolvedSpec(spec, source!, target!, validation, predict == true);
    }

    /// <summary>Checks a spec whose data sets need not be named yet: what depends on one that is not is left for later.</summary>
    /// <exception cref="ServiceException">As of <see cref="ResolveAsync"/>.</exception>
    public Task CheckAsync(WorkflowSpec given, CancellationToken cancellationToken) => CheckAsync(given, dataMayBeMissing: true, cancellationToken);

    private async Task<(WorkflowSpec Spec, Dataset? Source, Dataset? Target, Dataset? Validation, bool? InitialPredicts)> CheckAsync(
        WorkflowSpec given, bool dataMayBeMissing, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        var spec = given.Clone();
        spec.Architecture = spec.Architecture.Length == 0 ? DefaultArchitecture : spec.Architecture;
        validator.Require(spec.Title.Length <= MaxTitle, "spec.title", $"A title has at most {MaxTitle} characters.");

        var source = await FindAsync("spec.source", spec.Source, labelled: true, mayBeMissing: dataMayBeMissing).ConfigureAwait(false);
        var target = await FindAsync("spec.target", spec.Target, labelled: false, mayBeMissing: dataMayBeMissing).ConfigureAwait(false);
        var validation = await FindAsync("spec.validation", spec.Validation, labelled: true, mayBeMissing: true).ConfigureAwait(false);
        CheckClasses(validator, source, target, "spec.target");
        CheckClasses(validator, source, validation, "spec.validation");
        validator.Require(
            !spec.BestOnValidation || spec.Validation.Length > 0 || dataMayBeMissing,
            "spec.best_on_validation",
            "Choosing a snapshot needs a validation set; name one, or leave this off.");

        var predict = await CheckInitialWeightsAsync(validator, spec, source, cancellationToken).ConfigureAwait(false);
        await FillTrainingAsync(validator, spec, source, cancellationToken).ConfigureAwait(false);
        CheckGivenInter(validator, spec, predict);
        FillRanking(validator, spec, target);
        FillPseudoLabels(validator, spec);
        await givenSteps.CheckAsync(validator, spec, target, cancellationToken).ConfigureAwait(false);
        validator.Require(
            IsDevice(spec.Device), "spec.device", $"'{spec.Device}' is not a device; use auto, cpu or cuda:N.");
        spec.Device = spec.Device.Length == 0 ? "auto" : spec.Device;

        var noTrainer = await CheckTrainerAsync(validator, spec, cancellationToken).ConfigureAwait(false);
        validator.ThrowIfAny();
        return noTrainer is null ? (spec, source, target, validation, predict) : throw noTrainer;

        async Task<Dataset?> FindAsync(string field, string name, bool labelled, bool mayBeMissing) => mayBeMissing && name.Length == 0
            ? null
            : await FindDatasetAsync(validator, field, name, labelled, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckGivenInter(RequestValidator validator, WorkflowSpec spec, bool? predict)
    {
        if (spec.InterOptions.Iterations != 0)
        {
            return;
        }

        validator.Require(
            spec.InitialWeights is not null,
            "spec.inter_options.iterations",
            "Without inter iterations the initial weights are the network of step one; give them.");
        validator.Require(
            spec.SourceOptions.Iterations == 0,
            "spec.source_options.iterations",
            "Without inter iterations nothing is trained before the second step; leave the source iterations at 0.");
        validator.Require(
            predict != false || spec.Predictions is not null,
            "spec.initial_weights",
            "These are not the weights of a whole network for the source's classes, so they cannot score the target; give such a network, or a split with its pseudo-labels.");
    }

    private static void CheckClasses(RequestValidator validator, Dataset? source, Dataset? other, string field)
    {
        if (source is not null && other is not null)
        {
            validator.Require(
                source.Classes.Names.SequenceEqual(other.Classes.Names),
                field,
                $"'{other.Name}' has the classes {Show(other)}, the source '{source.Name}' has {Show(source)}; register both with the same protocol.");
        }

        static string Show(Dataset dataset) => $"[{string.Join(", ", dataset.Classes.Names)}]";
    }

    private static void FillRanking(RequestValidator validator, WorkflowSpec spec, Dataset? target)
    {
        var ranking = spec.Ranking ??= new RankingOptions();
        if (!ranking.HasLambda)
        {
            ranking.Lambda = Recipes.For(spec.Architecture).Lambda;
        }

        validator.Require(
            ranking.Lambda is >= 0 and <= 1,
            "spec.ranking.lambda",
            $"{ranking.Lambda} is not in 0..1; 0.67 calls two thirds of the images easy.");
        if (ranking.Method == RankingMethod.Unspecified)
        {
            ranking.Method = RankingMethod.Entropy;
        }

        validator.Require(
            Enum.IsDefined(ranking.Method), "spec.ranking.method", $"{(int)ranking.Method} is unknown; use ENTROPY or RARE_CLASS.");
        if (target is null)
        {
            return;
        }

        if (ranking.Method == RankingMethod.RareClass && ranking.RareTrainIds.Count == 0)
        {
            ranking.RareTrainIds.AddRange(target.Classes.RareTrainIds);
            validator.Require(
                ranking.RareTrainIds.Count > 0,
                "spec.ranking.rare_train_ids",
                $"The classes of '{target.Name}' name no rare ones; list their train ids.");
        }

        validator.Require(
            ranking.RareTrainIds.All(id => id >= 0 && id < target.Classes.Names.Count),
            "spec.ranking.rare_train_ids",
            $"Train ids are in 0..{target.Classes.Names.Count - 1}.");
    }

    private static void FillPseudoLabels(RequestValidator validator, WorkflowSpec spec)
    {
        var options = spec.PseudoLabels ??= new PseudoLabelOptions();
        if (options.Policy == PseudoLabelPolicy.Unspecified)
        {
            options.Policy = PseudoLabelPolicy.Argmax;
        }

        validator.Require(
            Enum.IsDefined(options.Policy),
            "spec.pseudo_labels.policy",
            $"{(int)options.Policy} is unknown; use ARGMAX, CONFIDENCE or CLASS_BALANCED.");
        if (options.Policy == PseudoLabelPolicy.Confidence && !options.HasConfidenceThreshold)
        {
            options.ConfidenceThreshold = 0.9;
        }

        if (options.Policy == PseudoLabelPolicy.ClassBalanced && !options.HasClassShare)
        {
            options.ClassShare = 0.5;
        }

        validator.Require(
            !options.HasConfidenceThreshold || options.ConfidenceThreshold is >= 0 and <= 1,
            "spec.pseudo_labels.confidence_threshold",
            $"{options.ConfidenceThreshold} is not in 0..1.");
        validator.Require(
            !options.HasClassShare || options.ClassShare is > 0 and <= 1,
            "spec.pseudo_labels.class_share",
            $"{options.ClassShare} is not above 0 and at most 1.");
    }

    private static bool IsDevice(string device) =>
        device is "" or "auto" or "cpu"
        || (device.StartsWith("cuda:", StringComparison.Ordinal) && device.Length is > 5 and <= 8 && device[5..].All(char.IsAsciiDigit));

    private async Task<Dataset?> FindDatasetAsync(
        RequestValidator validator, string field, string name, bool labelled, CancellationToken cancellationToken)
    {
        if (!validator.Require(name.Length > 0, field, "Name a registered data set.")
            || !validator.Require(
                DatasetRegistry.IsName(name), field, $"'{name}' is not a data set's name: 1 to 64 characters of [a-z0-9._-]."))
        {
            return null;
        }

        var dataset = await datasets.FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (!validator.Require(dataset is not null, field, $"There is no data set '{name}'; register it first."))
        {
            return null;
        }

        validator.Require(dataset!.Images > 0, field, $"The data set '{name}' has no images.");
        validator.Require(
            !labelled || dataset.Labelled == dataset.Images,
            field,
            $"Only {dataset.Labelled} of the {dataset.Images} images of '{name}' have a label; this needs one for each.");
        return dataset;
    }

    /// <returns>
    /// Whether the weights are those of a whole network for the source's classes, which can be evaluated as it is; null where there
    /// are none, or none that can be read.
    /// </returns>
    private async Task<bool?> CheckInitialWeightsAsync(
        RequestValidator validator, WorkflowSpec spec, Dataset? source, CancellationToken cancellationToken)
    {
        if (spec.InitialWeights is null || !validator.RequireArtifact(spec.InitialWeights, "spec.initial_weights"))
        {
            return null;
        }

        var size = await store.GetSizeAsync(spec.InitialWeights.Key, cancellationToken).ConfigureAwait(false);
        if (!validator.Require(
                size == spec.InitialWeights.SizeBytes,
                "spec.initial_weights",
                size is null
                    ? $"The store holds nothing under '{spec.InitialWeights.Key}'; upload the weights first."
                    : $"'{spec.InitialWeights.Key}' has {size} bytes, not {spec.InitialWeights.SizeBytes}."))
        {
            return null;
        }

        var stream = await store.OpenReadAsync(spec.InitialWeights, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                var reader = await SafetensorsReader.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
                var of = reader.Metadata.GetValueOrDefault("architecture", spec.Architecture);
                bool? predicts = source is null
                    ? null
                    : reader.Metadata.GetValueOrDefault("format") == "intrada.network/1"
                        && reader.Metadata.GetValueOrDefault("class_names") == JsonSerializer.Serialize<IEnumerable<string>>(source.Classes.Names);
                if (validator.Require(
                        of == spec.Architecture,
                        "spec.initial_weights",
                        $"These are weights of '{of}', not of '{spec.Architecture}'; give weights of that network, or none."))
                {
                    CheckTensors(validator, spec.Architecture, source, reader, predicts == true);
                }

                return predicts;
            }
            catch (ArtifactFormatException e)
            {
                validator.Require(
                    false,
                    "spec.initial_weights",
                    $"These are no weights: {e.Message.TrimEnd('.')}; give a safetensors file, or make one of a PyTorch checkpoint with `intrada import`.");
                return null;
            }
        }
    }

    // What a trainer would find out after the data sets are read and a job is queued, it says here. Networks of other trainers are theirs.
    private static void CheckTensors(
        RequestValidator validator, string architecture, Dataset? source, SafetensorsReader reader, bool predicts)
    {
        if (!PublishedLayout.Architectures.Contains(architecture))
        {
            return;
        }

        // Names and shapes outside the classifiers do not depend on the classes, which are not known yet without a source.
        var differences = LayoutDifferences.Find(
            PublishedLayout.Of(architecture, source?.Classes.Names.Count ?? 2),
            reader.Tensors.Select(tensor => (tensor.Name, tensor.DataType, tensor.Shape)),
            headsMayDiffer: !predicts);
        if (differences.Count > 0)
        {
            validator.Require(
                false,
                "spec.initial_weights",
                $"These tensors are not those of '{architecture}': {LayoutDifferences.Summarize(differences)}; give weights of that network"
                + $" (`intrada import FILE --architecture {architecture}` names every tensor that does not fit).");
        }
    }

    private async Task FillTrainingAsync(
        RequestValidator validator, WorkflowSpec spec, Dataset? source, CancellationToken cancellationToken)
    {
        var recipe = Recipes.For(spec.Architecture);
        var sourceSaysIterations = spec.SourceOptions is { HasIterations: true };
        var (givenSource, givenInter, givenIntra) = (spec.SourceOptions, spec.InterOptions, spec.IntraOptions);
        spec.SourceOptions = TrainingOptionsRules.Merge(recipe.Source, givenSource);
        spec.InterOptions = TrainingOptionsRules.Merge(recipe.Inter, givenInter);
        spec.IntraOptions = TrainingOptionsRules.Merge(recipe.Intra, givenIntra);
        if (!sourceSaysIterations && (recipe.WeightsReplaceSource || spec.InterOptions.Iterations == 0) && spec.InitialWeights is not null)
        {
            spec.SourceOptions.Iterations = 0;
        }

        FillSeed(spec.SourceOptions, StageKind.Source);
        FillSeed(spec.InterOptions, StageKind.Inter);
        FillSeed(spec.IntraOptions, StageKind.Intra);
        TrainingOptionsRules.Check(validator, "spec.source_options", spec.SourceOptions, 0, [AdaptationMethod.SourceOnly]);
        TrainingOptionsRules.Check(validator, "spec.inter_options", spec.InterOptions, 0, Methods);
        TrainingOptionsRules.Check(validator, "spec.intra_options", spec.IntraOptions, 1, Methods);
        validator.Require(
            !spec.SkipSelfTraining || spec.IntraOptions.Method == AdaptationMethod.Advent,
            "spec.skip_self_training",
            $"Without pseudo-labels only an adversary learns from easy and hard images; use ADVENT in intra_options, not {spec.IntraOptions.Method}.");
        validator.Require(
            spec.SourceOptions.Iterations > 0 || spec.InitialWeights is not null,
            "spec.source_options.iterations",
            "Without source iterations the initial weights must be given.");

        if (spec.IntraStart == IntraStart.Unspecified)
        {
            spec.IntraStart = recipe.IntraStart;
        }

        validator.Require(
            Enum.IsDefined(spec.IntraStart), "spec.intra_start", $"{(int)spec.IntraStart} is unknown; use INTER or INITIAL.");
        if (recipe.InputPixels is { } pixels && source is { Images: > 0 })
        {
            var (width, height) = await datasets.FirstImageSizeAsync(source, cancellationToken).ConfigureAwait(false);
            var size = InputShape.Fit(width, height, pixels);
            Shape(spec.SourceOptions, givenSource, size);
            Shape(spec.InterOptions, givenInter, size);
            Shape(spec.IntraOptions, givenIntra, size);
        }

        void FillSeed(TrainingOptions options, StageKind kind)
        {
            if (!options.HasSeed)
            {
                options.Seed = StageSeed.Derive(spec.Seed, kind);
            }
        }

        static void Shape(TrainingOptions options, TrainingOptions? given, ImageSize size)
        {
            options.LabelledSize = given?.LabelledSize is null ? size.Clone() : options.LabelledSize;
            options.UnlabelledSize = given?.UnlabelledSize is null ? size.Clone() : options.UnlabelledSize;
        }
    }

    private async Task<ServiceException?> CheckTrainerAsync(
        RequestValidator validator, WorkflowSpec spec, CancellationToken cancellationToken)
    {
        if (!validator.Require(
                TrainerSelector.TryParse(spec.Trainer, out var selector),
                "spec.trainer",
                $"'{spec.Trainer}' is not NAME or NAME@RANGE, e.g. intrada-trainer@1.x."))
        {
            return null;
        }

        var candidates = await trainers.MatchAsync(selector!, cancellationToken).ConfigureAwait(false);
        var architectures = candidates.SelectMany(c => c.Info!.Architectures).Select(a => a.Name).Distinct(StringComparer.Ordinal).ToList();
        if (candidates.Count > 0
            && !validator.Require(
                architectures.Contains(spec.Architecture),
                "spec.architecture",
                $"'{spec.Architecture}' is unknown; the trainers know {string.Join(", ", architectures)}."))
        {
            return null;
        }

        try
        {
            // Each stage goes to the first that can do it: a trainer need not know the methods of all.
            foreach (var method in MethodsOf(spec))
            {
                await trainers.ResolveAsync(spec.Trainer, spec.Architecture, [method], cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (ServiceException e)
        {
            // Thrown only where nothing else is wrong: a user who corrects the spec first needs no trainer for it.
            return e;
        }
    }

    private static IEnumerable<AdaptationMethod> MethodsOf(WorkflowSpec spec)
    {
        var methods = new HashSet<AdaptationMethod> { spec.InterOptions.Method, spec.IntraOptions.Method };
        if (spec.SourceOptions.Iterations > 0)
        {
            methods.Add(spec.SourceOptions.Method);
        }

        if (!spec.SkipControls)
        {
            methods.Add(AdaptationMethod.SourceOnly);
        }

        return methods;
    }
}

using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Trainers;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Plans the stages that are trainings.</summary>
internal sealed class TrainingPlanner(TrainerDirectory trainers, TrainingDriver driver)
{
    /// <summary>Plans a training.</summary>
    /// <param name="context">The workflow.</param>
    /// <param name="kind">The stage.</param>
    /// <param name="options">All options, seed included.</param>
    /// <param name="start">Weights to start from; null: from scratch.</param>
    /// <param name="labelled">The labelled sets, the adversary's source side first.</param>
    /// <param name="unlabelled">Manifest of the unlabelled set; left out where the method takes none.</param>
    /// <param name="note">What a reader should know.</param>
    /// <param name="cancellationToken">Stops the search for a trainer.</param>
    public async Task<StagePlan> PlanAsync(
        StageContext context,
        StageKind kind,
        TrainingOptions options,
        Artifact? start,
        IReadOnlyList<LabelledSet> labelled,
        Artifact? unlabelled,
        string note,
        CancellationToken cancellationToken)
    {
        var spec = new TrainingSpec
        {
            Architecture = context.Spec.Architecture,
            InitialWeights = start,
            Unlabelled = options.Method == AdaptationMethod.SourceOnly ? null : unlabelled,
            Options = options,
            Device = context.Spec.Device,
        };
        spec.Labelled.AddRange(labelled);
        if (context.Spec.BestOnValidation && options.Method != AdaptationMethod.ReEstimateNormalization)
        {
            spec.BestOn = context.Record.Validation!.Manifest;
        }

        var inputs = InputsOf(spec);
        var named = OptionsOf(spec);
        string KeyOf(ServiceInfo by) => StageKey.Compute(kind, by, named, inputs, context.Salt);

        var former = context.Stage(kind);
        ServiceInfo service;
        string key;
        if (IsInFlight(former, KeyOf))
        {
            // What was done so far lies under the key of whoever began it; a trainer that replaced it must find it there.
            (service, key) = (former.Service, former.Key);
        }
        else
        {
            var trainer = await trainers
                .ResolveAsync(context.Spec.Trainer, context.Spec.Architecture, [options.Method], cancellationToken)
                .ConfigureAwait(false);
            (service, former) = (trainer.Info!.Service, new Stage());
            key = KeyOf(service);
        }

        var wish = new TrainerWish(context.Spec.Trainer, context.Spec.Architecture, options.Method);
        return new StageWork
        {
            Key = key,
            Service = service,
            EarlierServices = former.EarlierServices,
            Inputs = inputs,
            Note = note,
            RunAsync = async (monitor, token) =>
            {
                var result = await driver.RunAsync(wish, service, key, spec, monitor, token).ConfigureAwait(false);
                return new Dictionary<string, Artifact> { ["weights"] = result.Weights, ["curves"] = result.Curves }
                    .Where(output => output.Value is not null)
                    .ToDictionary();
            },
        };
    }

    /// <summary>The options that matter to the result, by name: what the method does not use is left out.</summary>
    internal static Dictionary<string, string> OptionsOf(TrainingSpec spec)
    {
        var options = spec.Options.Clone();
        // A job that resumes ends with the same weights, however often it saves itself.
        options.ClearCheckpointEvery();
        if (options.Method != AdaptationMethod.Advent)
        {
            options.ClearDiscriminatorLearningRate();
            options.ClearDiscriminatorWidth();
        }

        if (options.Method is AdaptationMethod.SourceOnly or AdaptationMethod.ReEstimateNormalization)
        {
            options.ClearLambdaTargetMain();
            options.ClearLambdaTargetAux();
        }

        if (options.Method == AdaptationMethod.SourceOnly)
        {
            options.UnlabelledSize = null;
        }

        var named = new Dictionary<string, string>
        {
            ["architecture"] = spec.Architecture,
            ["training"] = ProtoJson.Format(options),
        };
        if (spec.Labelled is [{ AdversaryOnly: true }, ..])
        {
            named["adversary_only"] = "labelled.0";
        }

        return named;
    }

    // In flight is what has a key that only its trainer tells from the one it would get now.
    private static bool IsInFlight(Stage former, Func<ServiceInfo, string> keyOf) =>
        former is { Key.Length: > 0, Service: not null }
        && former.EarlierServices.Append(former.Service).Any(by => keyOf(by) == former.Key);

    private static Dictionary<string, Artifact> InputsOf(TrainingSpec spec)
    {
        var inputs = new Dictionary<string, Artifact>();
        Add("initial_weights", spec.InitialWeights);
        for (var i = 0; i < spec.Labelled.Count; i++)
        {
            Add($"labelled.{i}", spec.Labelled[i].Dataset);
        }

        Add("unlabelled", spec.Unlabelled);
        Add("best_on", spec.BestOn);
        return inputs;

        void Add(string name, Artifact? artifact)
        {
            if (artifact is not null)
            {
                inputs[name] = artifact;
            }
        }
    }
}

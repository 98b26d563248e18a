using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Networks;

namespace MinEntTrainer.Service;

/// <summary>Which specifications this trainer takes, and what an unset option means to it: the published value.</summary>
internal static class SpecRules
{
    private const int MostIterations = 10_000_000;

    /// <summary>A specification with every option set.</summary>
    /// <param name="request">What was asked for.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="Refusal">INVALID_ARGUMENT with every field at fault, or FAILED_PRECONDITION for a device that is not there.</exception>
    public static TrainingSpec Fill(StartTrainingRequest request)
    {
        var problems = new List<(string Field, string Problem)>();
        Require(IsRequestId(request.RequestId), "request_id", "It is 1 to 128 characters of [a-z0-9._-].");
        Require(request.Spec?.Options is not null, "spec.options", "A specification with a method is needed.");
        Throw(problems);
        var spec = request.Spec!.Clone();
        var options = spec.Options;
        CheckShape();
        FillOptions(options);
        CheckOptions();
        Throw(problems);
        return spec.Device is "" or "auto" or "cpu"
            ? spec
            : throw new Refusal(StatusCode.FailedPrecondition, "NO_SUCH_DEVICE", $"This trainer has no device '{spec.Device}'; use auto or cpu.");

        void Require(bool ok, string field, string problem)
        {
            if (!ok)
            {
                problems.Add((field, problem));
            }
        }

        void CheckShape()
        {
            Require(spec.Architecture == CompactNetwork.Architecture, "spec.architecture", $"This trainer builds {CompactNetwork.Architecture} only.");
            Require(Identity.Methods.Contains(options.Method), "spec.options.method", $"This trainer has {string.Join(" and ", Identity.Methods)} only.");
            Require(spec.Labelled.Count > 0, "spec.labelled", "At least one labelled set is needed.");
            Require(
                spec.Unlabelled is null == (options.Method == AdaptationMethod.SourceOnly), "spec.unlabelled", "MINENT needs an unlabelled set, SOURCE_ONLY takes none.");
            // What it does not do is refused, never passed over: the result would not be what was asked for.
            Require(spec.BestOn is null, "spec.best_on", "This trainer does not choose among snapshots; leave it out.");
            Require(spec.Labelled.All(set => !set.AdversaryOnly), "spec.labelled", "This trainer has no adversary; leave adversary_only out.");
            Require(spec.Labelled.All(set => double.IsFinite(set.Weight) && set.Weight >= 0), "spec.labelled", "A weight is a number of at least 0.");
            foreach (var (artifact, field) in Artifacts(spec))
            {
                Require(artifact is { Key.Length: > 0, Sha256.Length: 64 }, field, "A key and a SHA-256 are needed.");
            }
        }

        void CheckOptions()
        {
            Within(options.Iterations, 0, MostIterations, "iterations");
            Within(options.ScheduleIterations, Math.Max(options.Iterations, 1), int.MaxValue, "schedule_iterations");
            Within(options.BatchSize, 1, 64, "batch_size");
            Within(options.LearningRate, double.Epsilon, 1000, "learning_rate");
            Within(options.HeadLearningRateFactor, double.Epsilon, 1e6, "head_learning_rate_factor");
            Within(options.Momentum, 0, 1, "momentum");
            Within(options.WeightDecay, 0, 1000, "weight_decay");
            Within(options.PolyPower, 0, 100, "poly_power");
            Within(options.LambdaSegMain, 0, 1e6, "lambda_seg_main");
            Within(options.LambdaSegAux, 0, 1e6, "lambda_seg_aux");
            Within(options.LambdaTargetMain, 0, 1e6, "lambda_target_main");
            Within(options.LambdaTargetAux, 0, 1e6, "lambda_target_aux");
            Within(options.CheckpointEvery, 1, MostIterations, "checkpoint_every");
            // The network lists each parameter once, so both modes are the same to it.
            Require(Enum.IsDefined(options.OptimizerMode), "spec.options.optimizer_mode", "It is CLEAN or PUBLISHED.");
            Size(options.LabelledSize, "labelled_size");
            Size(options.UnlabelledSize, "unlabelled_size");
        }

        void Within(double value, double low, double high, string field) =>
            Require(value >= low && value <= high, $"spec.options.{field}", $"{value} is outside {low} to {high}.");

        void Size(ImageSize size, string field) => Require(
            size.Width is >= 16 and <= 8192 && size.Height is >= 16 and <= 8192, $"spec.options.{field}", "Width and height are 16 to 8192 pixels.");
    }

    /// <summary>A refusal of one field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="problem">What is wrong.</param>
    /// <returns>INVALID_ARGUMENT.</returns>
    public static Refusal Bad(string field, string problem) =>
        new(StatusCode.InvalidArgument, "INVALID_ARGUMENT", $"{field}: {problem}") { Fields = [(field, problem)] };

    private static void FillOptions(TrainingOptions o)
    {
        o.ScheduleIterations = o.HasScheduleIterations ? o.ScheduleIterations : o.HasIterations ? Math.Max(o.Iterations, 1) : 250_000;
        o.Iterations = o.HasIterations ? o.Iterations : 120_000;
        o.BatchSize = o.HasBatchSize ? o.BatchSize : 1;
        o.LabelledSize ??= new ImageSize { Width = 1280, Height = 720 };
        o.UnlabelledSize ??= new ImageSize { Width = 1024, Height = 512 };
        o.LearningRate = o.HasLearningRate ? o.LearningRate : 2.5e-4;
        o.HeadLearningRateFactor = o.HasHeadLearningRateFactor ? o.HeadLearningRateFactor : 10;
        o.Momentum = o.HasMomentum ? o.Momentum : 0.9;
        o.WeightDecay = o.HasWeightDecay ? o.WeightDecay : 5e-4;
        o.PolyPower = o.HasPolyPower ? o.PolyPower : 0.9;
        o.LambdaSegMain = o.HasLambdaSegMain ? o.LambdaSegMain : 1;
        o.LambdaSegAux = o.HasLambdaSegAux ? o.LambdaSegAux : 0.1;
        o.LambdaTargetMain = o.HasLambdaTargetMain ? o.LambdaTargetMain : 0.001;
        o.LambdaTargetAux = o.HasLambdaTargetAux ? o.LambdaTargetAux : 0.0002;
        o.Flip = o.HasFlip && o.Flip;
        o.PhotometricAugmentation = o.HasPhotometricAugmentation && o.PhotometricAugmentation;
        o.OptimizerMode = o.OptimizerMode == OptimizerMode.Unspecified ? OptimizerMode.Clean : o.OptimizerMode;
        o.Seed = o.HasSeed ? o.Seed : 1234;
        o.CheckpointEvery = o.HasCheckpointEvery ? o.CheckpointEvery : 2000;
    }

    private static IEnumerable<(Artifact? Artifact, string Field)> Artifacts(TrainingSpec spec)
    {
        for (var i = 0; i < spec.Labelled.Count; i++)
        {
            yield return (spec.Labelled[i].Dataset, $"spec.labelled[{i}].dataset");
        }

        if (spec.Unlabelled is not null)
        {
            yield return (spec.Unlabelled, "spec.unlabelled");
        }

        if (spec.InitialWeights is not null)
        {
            yield return (spec.InitialWeights, "spec.initial_weights");
        }
    }

    private static bool IsRequestId(string id) =>
        id.Length is >= 1 and <= 128 && id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-');

    private static void Throw(List<(string Field, string Problem)> problems)
    {
        if (problems.Count > 0)
        {
            throw new Refusal(
                StatusCode.InvalidArgument, "INVALID_ARGUMENT", string.Join(' ', problems.Select(p => $"{p.Field}: {p.Problem}"))) { Fields = problems };
        }
    }
}

using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>Fills in and checks the options of one training stage.</summary>
internal static class TrainingOptionsRules
{
    /// <summary>The recipe's options with those that the user set in their place.</summary>
    public static TrainingOptions Merge(TrainingOptions recipe, TrainingOptions? given)
    {
        var merged = recipe.Clone();
        if (given is null)
        {
            return merged;
        }

        merged.MergeFrom(given);
        // Merging joins two sizes field by field, but a size is one value.
        merged.LabelledSize = (given.LabelledSize ?? recipe.LabelledSize).Clone();
        merged.UnlabelledSize = (given.UnlabelledSize ?? recipe.UnlabelledSize).Clone();
        if (given.HasIterations && !given.HasScheduleIterations)
        {
            // A recipe that decays over just its iterations keeps doing so; one with a longer schedule keeps that where it can.
            merged.ScheduleIterations = recipe.ScheduleIterations == recipe.Iterations
                ? given.Iterations
                : Math.Max(recipe.ScheduleIterations, given.Iterations);
        }

        return merged;
    }

    /// <summary>Notes everything that is not allowed.</summary>
    public static void Check(
        RequestValidator validator,
        string field,
        TrainingOptions options,
        int leastIterations,
        IReadOnlyCollection<AdaptationMethod> methods)
    {
        validator.Require(
            methods.Contains(options.Method),
            $"{field}.method",
            $"{options.Method} cannot be used here; {string.Join(", ", methods)} can.");
        validator.Require(
            options.Iterations >= leastIterations && options.Iterations <= 10_000_000,
            $"{field}.iterations",
            $"{options.Iterations} is not in {leastIterations}..10,000,000.");
        validator.Require(
            options.ScheduleIterations >= options.Iterations,
            $"{field}.schedule_iterations",
            $"{options.ScheduleIterations} is less than the {options.Iterations} iterations; make the schedule at least as long.");
        InRange(options.BatchSize, 1, 64, "batch_size");
        Size(options.LabelledSize, "labelled_size");
        Size(options.UnlabelledSize, "unlabelled_size");
        Positive(options.LearningRate, "learning_rate");
        Positive(options.HeadLearningRateFactor, "head_learning_rate_factor");
        InRange(options.Momentum, 0, 1, "momentum");
        NotNegative(options.WeightDecay, "weight_decay");
        NotNegative(options.PolyPower, "poly_power");
        Positive(options.DiscriminatorLearningRate, "discriminator_learning_rate");
        NotNegative(options.LambdaSegMain, "lambda_seg_main");
        NotNegative(options.LambdaSegAux, "lambda_seg_aux");
        NotNegative(options.LambdaTargetMain, "lambda_target_main");
        NotNegative(options.LambdaTargetAux, "lambda_target_aux");
        validator.Require(
            options.OptimizerMode is OptimizerMode.Clean or OptimizerMode.Published,
            $"{field}.optimizer_mode",
            $"{options.OptimizerMode} is unknown; use CLEAN or PUBLISHED.");
        validator.Require(options.CheckpointEvery >= 1, $"{field}.checkpoint_every", $"{options.CheckpointEvery} is not 1 or more.");
        InRange(options.DiscriminatorWidth, 4, 256, "discriminator_width");

        void InRange(double value, double least, double most, string name) =>
            validator.Require(value >= least && value <= most, $"{field}.{name}", $"{value} is not in {least}..{most}.");

        void Positive(double value, string name) =>
            validator.Require(value > 0 && double.IsFinite(value), $"{field}.{name}", $"{value} is not a number above 0.");

        void NotNegative(double value, string name) =>
            validator.Require(value >= 0 && double.IsFinite(value), $"{field}.{name}", $"{value} is not a number of 0 or more.");

        void Size(ImageSize size, string name)
        {
            // The trainer's own rule, said before another stage has trained for nothing: a discriminator halves its map five times.
            var (least, why) = options.Method == AdaptationMethod.Advent ? (32, ", which the discriminators of ADVENT need") : (16, "");
            validator.Require(
                Math.Min(size.Width, size.Height) >= least && Math.Max(size.Width, size.Height) <= 8192,
                $"{field}.{name}",
                $"{size.Width}x{size.Height} is not within {least}x{least}..8192x8192{why}.");
        }
    }
}

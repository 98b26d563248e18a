using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Synthetic;
using IntraDA.Hosting.Errors;
using IntraDA.Trainer.Training;

namespace IntraDA.Trainer.Tests.Training;

public sealed class TrainingPlannerTests : IAsyncLifetime
{
    private TinyWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    [Fact]
    public async Task Unset_options_are_the_published_ones()
    {
        var plan = await PlanAsync(new TrainingSpec
        {
            Architecture = "deeplabv2-resnet101",
            Labelled = { new LabelledSet { Dataset = _world.Source } },
            Unlabelled = _world.Target,
            Options = new TrainingOptions { Method = AdaptationMethod.Advent },
        });
        Assert.Equal((120_000, 250_000, 1), (plan.Iterations, plan.ScheduleIterations, plan.BatchSize));
        Assert.Equal(((1280, 720), (1024, 512)), (plan.LabelledSize, plan.UnlabelledSize));
        Assert.Equal((2.5e-4, 10, 0.9, 5e-4, 0.9), (plan.LearningRate, plan.HeadRateFactor, plan.Momentum, plan.WeightDecay, plan.PolyPower));
        Assert.Equal((1e-4, 64), (plan.DiscriminatorRate, plan.DiscriminatorWidth));
        Assert.Equal((1, 0.1, 0.001, 0.0002), (plan.Weights.SegMain, plan.Weights.SegAux, plan.Weights.TargetMain, plan.Weights.TargetAux));
        Assert.False(plan.Flip || plan.Photometric || plan.PublishedUpdates);
        Assert.Equal(1, plan.Labelled[0].Weight);
    }

    [Fact]
    public async Task Every_violation_is_reported_at_once()
    {
        var error = await RefusedAsync(new TrainingSpec
        {
            Architecture = "vgg",
            Labelled = { new LabelledSet { Dataset = new Artifact { Key = "../x" }, Weight = double.NaN } },
            InitialWeights = new Artifact { Key = "UPPER" },
            EvaluateEvery = -1,
            Device = "tpu",
            Options = new TrainingOptions
            {
                Method = AdaptationMethod.Advent,
                Iterations = 200,
                ScheduleIterations = 100,
                BatchSize = 0,
                LearningRate = double.NaN,
                HeadLearningRateFactor = double.PositiveInfinity,
                Momentum = 1.5,
                WeightDecay = -1,
                PolyPower = -1,
                DiscriminatorLearningRate = 0,
                LambdaSegMain = -0.1,
                LambdaTargetAux = double.NegativeInfinity,
                CheckpointEvery = 0,
                DiscriminatorWidth = 2,
                LabelledSize = new ImageSize { Width = 15, Height = 64 },
                UnlabelledSize = new ImageSize { Width = 64, Height = 9000 },
                OptimizerMode = (OptimizerMode)9,
            },
        });
        string[] expected =
        [
            "spec.architecture", "spec.unlabelled", "spec.labelled[0].dataset.key", "spec.labelled[0].dataset.sha256", "spec.labelled[0].weight",
            "spec.initial_weights.key", "spec.evaluate_every", "spec.device", "spec.options.batch_size", "spec.options.learning_rate",
            "spec.options.head_learning_rate_factor", "spec.options.momentum", "spec.options.weight_decay", "spec.options.poly_power",
            "spec.options.discriminator_learning_rate", "spec.options.lambda_seg_main", "spec.options.lambda_target_aux",
            "spec.options.checkpoint_every", "spec.options.discriminator_width", "spec.options.labelled_size", "spec.options.unlabelled_size",
            "spec.options.optimizer_mode", "spec.options.schedule_iterations",
        ];
        Assert.Subset(error.Violations.Select(v => v.Field).ToHashSet(), expected.ToHashSet());
    }

    [Fact]
    public async Task A_method_and_its_sets_must_match()
    {
        var source = _world.Spec(AdaptationMethod.SourceOnly);
        source.Unlabelled = _world.Target;
        Assert.Contains((await RefusedAsync(source)).Violations, v => v.Field == "spec.unlabelled");

        var minent = _world.Spec(AdaptationMethod.Minent);
        minent.Unlabelled = null;
        minent.Labelled.Clear();
        Assert.Equal(["spec.labelled", "spec.unlabelled"], (await RefusedAsync(minent)).Violations.Select(v => v.Field).Order());

        var control = _world.Spec(AdaptationMethod.ReEstimateNormalization);
        control.Labelled.Clear();
        Assert.Empty((await PlanAsync(control)).Labelled);
    }

    [Fact]
    public async Task Images_without_labels_are_counted_and_their_set_is_named()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly);
        spec.Labelled.Add(new LabelledSet { Dataset = _world.Target });
        spec.BestOn = _world.Target;
        var error = await RefusedAsync(spec);
        Assert.Equal(["spec.best_on", "spec.labelled[1].dataset"], error.Violations.Select(v => v.Field).Order());
        Assert.All(error.Violations, v => Assert.Contains("4 of 4 images of 'target'", v.Description, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_set_for_the_adversary_alone_needs_no_labels_but_a_place_where_it_means_something()
    {
        var spec = _world.Spec(AdaptationMethod.Advent);
        spec.Labelled.Insert(0, new LabelledSet { Dataset = _world.Target, AdversaryOnly = true });
        Assert.Equal([true, false], (await PlanAsync(spec)).Labelled.Select(l => l.AdversaryOnly));

        var alone = spec.Clone();
        alone.Labelled.RemoveAt(1);
        var second = spec.Clone();
        second.Labelled[0].AdversaryOnly = false;
        second.Labelled[1].AdversaryOnly = true;
        var minent = spec.Clone();
        minent.Options.Method = AdaptationMethod.Minent;
        foreach (var (refused, field) in new[] { (alone, 0), (second, 1), (minent, 0) })
        {
            Assert.Contains((await RefusedAsync(refused)).Violations, v => v.Field == $"spec.labelled[{field}].adversary_only");
        }
    }

    [Fact]
    public async Task Sets_of_other_classes_are_refused_by_name()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly);
        spec.BestOn = await _world.PutAsync("few", StreetDomain.Camera, 0, 1, labelled: true, classes: 5);
        var violation = Assert.Single((await RefusedAsync(spec)).Violations);
        Assert.Equal("spec.best_on", violation.Field);
        Assert.Contains("'few'", violation.Description, StringComparison.Ordinal);
        Assert.Contains("'source'", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_adversary_needs_thirty_two_pixels_and_source_training_sixteen()
    {
        foreach (var (method, allowed) in new[] { (AdaptationMethod.Advent, false), (AdaptationMethod.Minent, true) })
        {
            var spec = _world.Spec(method);
            spec.Options.UnlabelledSize = new ImageSize { Width = 31, Height = 64 };
            if (allowed)
            {
                Assert.Equal((31, 64), (await PlanAsync(spec)).UnlabelledSize);
            }
            else
            {
                await RefusedAsync(spec);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<TrainingPlan> PlanAsync(TrainingSpec spec) =>
        new TrainingPlanner(_world.Store).PlanAsync(spec, TestContext.Current.CancellationToken);

    private async Task<ServiceException> RefusedAsync(TrainingSpec spec)
    {
        var error = await Assert.ThrowsAsync<ServiceException>(() => PlanAsync(spec));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return error;
    }
}

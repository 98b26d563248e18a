using Grpc.Core;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Gateway.Workflows.Specs;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Tests.Workflows.Specs;

public sealed class SpecResolverTests
{
    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        await ensemble.RegisterAsync("other-classes", images: 1, labelled: true, classes: "\"road\", \"tram\"");
        var spec = new WorkflowSpec
        {
            Title = new string('x', 65),
            Source = "target",
            Target = "no-such",
            Validation = "other-classes",
            Ranking = new RankingOptions { Lambda = double.NaN, RareTrainIds = { 9 } },
            PseudoLabels = new PseudoLabelOptions { ConfidenceThreshold = 2, ClassShare = 0 },
            InterOptions = new TrainingOptions
            {
                Method = AdaptationMethod.ReEstimateNormalization,
                Iterations = -1,
                LearningRate = double.NaN,
                BatchSize = 65,
                LabelledSize = new ImageSize { Width = 1, Height = 9000 },
            },
            IntraOptions = new TrainingOptions { Iterations = 10, ScheduleIterations = 9, Momentum = 1.5 },
            SourceOptions = new TrainingOptions { Iterations = 0 },
            Device = "tpu",
            Trainer = "@",
            InitialWeights = new Artifact { Key = "no/such", Sha256 = new string('a', 64), SizeBytes = 3 },
        };
        var fields = await ViolationsAsync(ensemble, spec);
        foreach (var field in new[]
                 {
                     "spec.title", "spec.source", "spec.target", "spec.validation", "spec.ranking.lambda",
                     "spec.pseudo_labels.confidence_threshold", "spec.pseudo_labels.class_share", "spec.inter_options.method",
                     "spec.inter_options.iterations", "spec.inter_options.learning_rate", "spec.inter_options.batch_size",
                     "spec.inter_options.labelled_size", "spec.intra_options.schedule_iterations", "spec.intra_options.momentum",
                     "spec.device", "spec.trainer", "spec.initial_weights",
                 })
        {
            Assert.Contains(field, fields);
        }
    }

    [Fact]
    public async Task Images_that_are_too_small_for_a_discriminator_are_refused_before_a_stage_trains()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.SourceOptions.LabelledSize = new ImageSize { Width = 31, Height = 64 };
        spec.InterOptions = new TrainingOptions
        {
            Method = AdaptationMethod.Advent,
            Iterations = 1,
            LabelledSize = new ImageSize { Width = 31, Height = 64 },
            UnlabelledSize = new ImageSize { Width = 64, Height = 24 },
        };
        spec.IntraOptions = spec.InterOptions.Clone();
        spec.IntraOptions.Method = AdaptationMethod.Minent;
        Assert.Equal(["spec.inter_options.labelled_size", "spec.inter_options.unlabelled_size"], await ViolationsAsync(ensemble, spec));
    }

    [Fact]
    public async Task An_unknown_architecture_and_missing_weights_are_named()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.Architecture = "no-net";
        spec.SourceOptions.Iterations = 0;
        spec.BestOnValidation = true;
        spec.Validation = "";
        Assert.Equal(
            ["spec.best_on_validation", "spec.source_options.iterations", "spec.architecture"], await ViolationsAsync(ensemble, spec));
    }

    [Fact]
    public async Task A_spec_is_checked_before_its_data_sets_are_named_and_nothing_is_created()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        (spec.Source, spec.Target, spec.Validation, spec.BestOnValidation) = ("", "", "", true);
        var answer = await ensemble.Client
            .CreateWorkflowAsync(new CreateWorkflowRequest { Spec = spec, ValidateOnly = true }, cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within();
        Assert.Null(answer.Workflow);

        (spec.Architecture, spec.Device, spec.Ranking) = ("no-net", "tpu", new RankingOptions { Lambda = 2 });
        Assert.Equal(["spec.ranking.lambda", "spec.device", "spec.architecture"], await ViolationsAsync(ensemble, spec, validateOnly: true));
        spec.Source = "no-such";
        Assert.Contains("spec.source", await ViolationsAsync(ensemble, spec, validateOnly: true));
        var listed = await ensemble.Client
            .ListWorkflowsAsync(new ListWorkflowsRequest(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Within();
        Assert.Empty(listed.Workflows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Initial_weights_whose_tensors_are_others_are_refused_before_anything_runs(bool validateOnly)
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.InitialWeights = await ensemble.Store.PutWrittenAsync(
            "uploads/others.safetensors",
            SafetensorsReader.MediaType,
            (stream, token) => SafetensorsWriter.WriteAsync(
                stream,
                [new SafetensorsEntry("conv1.weight", SafetensorsDataType.F32, [2], new byte[8]), new SafetensorsEntry("fc.bias", SafetensorsDataType.F32, [1], new byte[4])],
                new Dictionary<string, string>(),
                token),
            TestContext.Current.CancellationToken);
        if (validateOnly)
        {
            (spec.Source, spec.Target, spec.Validation) = ("", "", "");
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => CreateAsync(ensemble, spec, validateOnly));

        var violation = Assert.Single(RpcErrors.ReadViolations(RpcErrors.Read(error)));
        Assert.Equal("spec.initial_weights", violation.Field);
        Assert.All(
            ["conv1.weight is [2] instead of [32, 3, 5, 5]", "missing norm1.* (2), layer1.* (", "unexpected fc.bias", "intrada import"],
            part => Assert.Contains(part, violation.Description, StringComparison.Ordinal));
        Assert.InRange(violation.Description.Length, 1, 1000);
    }

    [Fact]
    public async Task Without_self_training_the_intra_step_must_have_an_adversary()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        (spec.SkipSelfTraining, spec.IntraOptions.Method) = (true, AdaptationMethod.SourceOnly);
        Assert.Equal(["spec.skip_self_training"], await ViolationsAsync(ensemble, spec));
    }

    [Fact]
    public async Task Unset_fields_take_the_recipe_and_the_inputs_take_the_shape_of_the_source()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = (await ensemble.CreateAsync(new WorkflowSpec
        {
            Source = "source",
            Target = "target",
            InterOptions = new TrainingOptions { Method = AdaptationMethod.Advent, Iterations = 7, UnlabelledSize = new ImageSize { Width = 64, Height = 32 } },
        })).Spec;
        var recipe = Recipes.For("compact");
        Assert.Equal("compact", spec.Architecture);
        Assert.Equal(recipe.Lambda, spec.Ranking.Lambda);
        Assert.Equal(RankingMethod.Entropy, spec.Ranking.Method);
        Assert.Equal(PseudoLabelPolicy.Argmax, spec.PseudoLabels.Policy);
        Assert.Equal(IntraStart.Inter, spec.IntraStart);
        Assert.Equal(recipe.Inter.LearningRate, spec.InterOptions.LearningRate);
        Assert.Equal(7, spec.InterOptions.ScheduleIterations);
        Assert.Equal(new ImageSize { Width = 64, Height = 32 }, spec.InterOptions.UnlabelledSize);
        // 40 x 24, as 160 x 96.
        Assert.Equal(new ImageSize { Width = 160, Height = 96 }, spec.InterOptions.LabelledSize);
        Assert.Equal("auto", spec.Device);
    }

    [Theory]
    [InlineData(1280, 768, 160, 96)]
    [InlineData(2048, 1024, 176, 88)]
    [InlineData(500, 500, 120, 120)]
    [InlineData(10, 10000, 16, 3920)]
    public void An_input_keeps_the_shape_of_its_images(int width, int height, int expectedWidth, int expectedHeight) =>
        Assert.Equal(
            new ImageSize { Width = expectedWidth, Height = expectedHeight }, InputShape.Fit(width, height, 160 * 96));

    [Fact]
    public void The_published_recipe_has_the_published_numbers()
    {
        var recipe = Recipes.For("deeplabv2-resnet101");
        Assert.Equal(2.5e-4, recipe.Inter.LearningRate);
        Assert.Equal((120_000, 250_000), (recipe.Inter.Iterations, recipe.Inter.ScheduleIterations));
        Assert.Equal((0.001, 0.0002), (recipe.Inter.LambdaTargetMain, recipe.Inter.LambdaTargetAux));
        Assert.Equal((1280, 720), (recipe.Inter.LabelledSize.Width, recipe.Inter.LabelledSize.Height));
        Assert.Equal(recipe.Intra.UnlabelledSize, recipe.Intra.LabelledSize);
        Assert.Equal(IntraStart.Initial, recipe.IntraStart);
    }

    private static async Task CreateAsync(TestEnsemble ensemble, WorkflowSpec spec, bool validateOnly) => await ensemble.Client
        .CreateWorkflowAsync(new CreateWorkflowRequest { Spec = spec, ValidateOnly = validateOnly }, cancellationToken: TestContext.Current.CancellationToken)
        .ResponseAsync.Within();

    private static async Task<IEnumerable<string>> ViolationsAsync(TestEnsemble ensemble, WorkflowSpec spec, bool validateOnly = false)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => CreateAsync(ensemble, spec, validateOnly));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return RpcErrors.ReadViolations(RpcErrors.Read(error)).Select(v => v.Field).ToList();
    }
}

using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Inference;
using IntraDA.Learning.Networks;
using IntraDA.Trainer.Jobs;
using IntraDA.Trainer.Loading;
using IntraDA.Trainer.Training;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Tests.Training;

public sealed class TrainingRunTests : IAsyncLifetime
{
    private const int Never = -1;

    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    [Theory]
    [InlineData(AdaptationMethod.SourceOnly)]
    [InlineData(AdaptationMethod.Minent)]
    [InlineData(AdaptationMethod.Advent)]
    public async Task A_run_that_is_cancelled_and_crashes_ends_with_the_bytes_of_one_that_ran_through(AdaptationMethod method)
    {
        var spec = _world.Spec(method, iterations: 7);
        spec.Options.OptimizerMode = OptimizerMode.Published;
        var whole = await RunAsync(spec, "whole");
        Assert.Equal(0, whole.ResumedFrom);

        // Cancelled after 1 (kept: 1) and 4 (kept: 4); broken off after 7, when the last checkpoint is that of 6.
        Assert.Equal(0, await InterruptAsync(spec, "parts", after: 1, crash: false));
        Assert.Equal(1, await InterruptAsync(spec, "parts", after: 4, crash: false));
        Assert.Equal(4, await InterruptAsync(spec, "parts", after: 7, crash: true));
        var parts = await RunAsync(spec, "parts");
        Assert.Equal(6, parts.ResumedFrom);
        Assert.Equal(whole.Weights.Sha256, parts.Weights.Sha256);
        Assert.Equal(whole.Curves.Sha256, parts.Curves.Sha256);
    }

    [Fact]
    public async Task A_run_saves_itself_when_its_time_has_come_however_many_iterations_that_is()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly, iterations: 5);
        spec.Options.CheckpointEvery = 1000;
        await InterruptAsync(spec, "timed", after: 3, crash: true, new CheckpointInterval(TimeSpan.Zero, CheckpointInterval.LeastFarewell));
        Assert.Equal(2, (await RunAsync(spec, "timed")).ResumedFrom);
        await InterruptAsync(spec, "untimed", after: 3, crash: true);
        Assert.Equal(0, (await RunAsync(spec, "untimed")).ResumedFrom);
    }

    [Fact]
    public async Task A_training_whose_losses_are_lost_fails_by_name_and_stores_no_weights()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly, iterations: 20);
        (spec.Options.LearningRate, spec.Options.WeightDecay, spec.Options.HeadLearningRateFactor) = (1000, 1000, 1e6);
        spec.Options.CheckpointEvery = 1;
        await DivergesAsync(spec, "The loss ");
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_are_not_stored()
    {
        var classes = (await _world.ReadAsync(_world.Source)).Classes;
        using var network = Architectures.Build(Architectures.Compact, classes.Names.Count, TensorPlacement.Cpu);
        using (no_grad())
        {
            network.Tensors[3].Value.fill_(float.NaN);
        }

        var spec = _world.Spec(AdaptationMethod.SourceOnly, iterations: 0);
        spec.InitialWeights = await NetworkCheckpoint.SaveAsync(
            _world.Store, "lost.safetensors", network, new NetworkDescription(Architectures.Compact, classes, 32, 32), Token);
        await DivergesAsync(spec, $"The tensor {network.Tensors[3].Name} ");
    }

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".jsonl")]
    public async Task A_checkpoint_that_was_damaged_costs_time_and_nothing_else(string part)
    {
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: 6);
        var whole = await RunAsync(spec, "whole");
        await InterruptAsync(spec, "damaged", after: 4, crash: false);
        var file = Path.Combine(_world.Folder.FullName, "damaged", "checkpoints", $"00000004{part}");
        var bytes = await File.ReadAllBytesAsync(file, Token);
        bytes[^2] ^= 0x10;
        await File.WriteAllBytesAsync(file, bytes, Token);
        var again = await RunAsync(spec, "damaged");
        Assert.Equal((0L, whole.Weights.Sha256), (again.ResumedFrom, again.Weights.Sha256));
    }

    [Fact]
    public async Task Statistics_re_estimated_in_two_parts_are_those_of_one()
    {
        var spec = _world.Spec(AdaptationMethod.ReEstimateNormalization, iterations: 3);
        spec.Architecture = Architectures.ResNet50;
        spec.Options.LabelledSize = spec.Options.UnlabelledSize = new ImageSize { Width = 16, Height = 16 };
        var whole = await RunAsync(spec, "whole");
        await InterruptAsync(spec, "parts", after: 2, crash: false);
        Assert.Equal(whole.Weights.Sha256, (await RunAsync(spec, "parts")).Weights.Sha256);
    }

    [Fact]
    public async Task A_set_for_the_adversary_alone_may_lack_labels_and_makes_another_network()
    {
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: 2);
        // Heavy enough for two iterations to tell.
        spec.Options.LambdaTargetMain = 1;
        var plain = await RunAsync(spec, "plain");
        spec.Labelled.Insert(0, new LabelledSet { Dataset = _world.Target, AdversaryOnly = true });
        spec.Unlabelled = _world.Validation;
        var aligned = await RunAsync(spec, "aligned");
        spec.Labelled[0].Dataset = _world.Source;
        var other = await RunAsync(spec, "other");
        Assert.Equal(3, new[] { plain, aligned, other }.Select(result => result.Weights.Sha256).Distinct().Count());
    }

    [Fact]
    public async Task Another_seed_gives_other_weights()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly, iterations: 2);
        var first = await RunAsync(spec, "a");
        Assert.Equal(first.Weights.Sha256, (await RunAsync(spec, "b")).Weights.Sha256);
        spec.Options.Seed = 12;
        Assert.NotEqual(first.Weights.Sha256, (await RunAsync(spec, "c")).Weights.Sha256);
    }

    [Fact]
    public async Task Training_goes_on_from_initial_weights_and_zero_iterations_give_them_back()
    {
        var first = await RunAsync(_world.Spec(AdaptationMethod.SourceOnly, iterations: 2), "first");
        var spec = _world.Spec(AdaptationMethod.SourceOnly, iterations: 0);
        spec.InitialWeights = first.Weights;
        Assert.Equal(first.Weights.Sha256, (await RunAsync(spec, "second")).Weights.Sha256);
    }

    [Fact]
    public async Task The_snapshot_chosen_is_the_one_that_is_best_on_the_given_set()
    {
        const int Iterations = 4;
        var spec = _world.Spec(AdaptationMethod.SourceOnly, Iterations);
        spec.Options.LearningRate = 0.05;
        var mious = new List<(int Iteration, double Miou, string Sha256)>();
        for (var i = 1; i <= Iterations; i++)
        {
            spec.Options.Iterations = i;
            var weights = (await RunAsync(spec, $"upto-{i}")).Weights;
            mious.Add((i, await EvaluateAsync(weights), weights.Sha256));
        }

        spec.BestOn = _world.Validation;
        spec.EvaluateEvery = 1;
        await InterruptAsync(spec, "best", after: 3, crash: false);
        var result = await RunAsync(spec, "best");
        var best = mious.MaxBy(m => m.Miou);
        Assert.Equal(best.Iteration, result.SnapshotIteration);
        Assert.Equal(best.Sha256, result.Weights.Sha256);
    }

    [Fact]
    public async Task Cleaning_leaves_the_result_alone()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly, iterations: 5);
        spec.BestOn = _world.Validation;
        spec.EvaluateEvery = 1;
        await InterruptAsync(spec, "job", after: 4, crash: false);
        // What a crash between checkpoint and manifest, or a snapshot that was best for a while, leaves.
        await _world.Store.PutBytesAsync("job/checkpoints/00000003.safetensors", "orphan"u8.ToArray(), "application/octet-stream", Token);
        await _world.Store.PutBytesAsync("job/best/00000000.safetensors", "former best"u8.ToArray(), "application/octet-stream", Token);
        var result = await RunAsync(spec, "job");
        await Run().CleanAsync("job", result, Token);
        var keys = new List<string>();
        await foreach (var key in _world.Store.ListAsync("job/", Token))
        {
            keys.Add(key);
        }

        string[] kept = [result.Weights.Key, result.Curves.Key, "job/tensorboard/events.out.tfevents.intrada"];
        Assert.Equal(kept.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task A_checkpoint_of_another_format_is_refused_by_name()
    {
        var spec = _world.Spec(AdaptationMethod.SourceOnly);
        await InterruptAsync(spec, "job", after: 2, crash: false);
        var manifest = await _world.Store.ReadBytesAsync(new Artifact { Key = "job/checkpoint.json" }, 1 << 20, Token);
        await _world.Store.PutBytesAsync(
            "job/checkpoint.json",
            System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(manifest).Replace(ResumeStore.CurrentFormat, "intrada.training/9", StringComparison.Ordinal)),
            "application/json",
            Token);
        var error = await Assert.ThrowsAsync<ServiceException>(() => RunAsync(spec, "job"));
        Assert.Equal("CHECKPOINT_FORMAT", error.Reason);
        Assert.Contains("intrada.training/9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_leaves_no_tensor_behind()
    {
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: 2);
        await RunAsync(spec, "a");
        var before = Tensor.TotalCount;
        await RunAsync(spec, "b");
        Assert.Equal(before, Tensor.TotalCount);
    }

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    private TrainingRun Run(CheckpointInterval? saving = null) => new(
        _world.Store,
        new DatasetFileReader(_world.Store, new ImageLimits()),
        new SampleCache(1 << 20),
        TimeProvider.System,
        saving ?? CheckpointInterval.Never,
        TrainerRelease.Current(),
        NullLogger<TrainingRun>.Instance);

    private async Task<TrainingResult> RunAsync(TrainingSpec spec, string prefix)
    {
        using var observer = new Interruption(Never, crash: false);
        var plan = await new TrainingPlanner(_world.Store).PlanAsync(spec, Token);
        return await Run().RunAsync(plan, TensorPlacement.Cpu, prefix, observer, Token).Within();
    }

    private async Task DivergesAsync(TrainingSpec spec, string what)
    {
        var failure = await Assert.ThrowsAsync<ServiceException>(() => RunAsync(spec, "diverged"));
        Assert.Equal(("TRAINING_DIVERGED", Grpc.Core.StatusCode.FailedPrecondition), (failure.Reason, failure.StatusCode));
        Assert.StartsWith(what, failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_world.Folder.FullName, "diverged", "weights.safetensors")));
    }

    private async Task<int> InterruptAsync(TrainingSpec spec, string prefix, int after, bool crash, CheckpointInterval? saving = null)
    {
        using var observer = new Interruption(after, crash);
        var plan = await new TrainingPlanner(_world.Store).PlanAsync(spec, Token);
        var run = Run(saving).RunAsync(plan, TensorPlacement.Cpu, prefix, observer, observer.Token).Within();
        if (crash)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        }
        else
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        return observer.StartedAt;
    }

    private async Task<double> EvaluateAsync(Artifact weights)
    {
        var (network, description) = await NetworkCheckpoint.LoadAsync(_world.Store, weights, TensorPlacement.Cpu, Token);
        using var engine = new SegmentationEngine(network, description);
        var (histogram, _) = await new NetworkEvaluation(new DatasetFileReader(_world.Store, new ImageLimits()))
            .RunAsync(engine, await _world.ReadAsync(_world.Validation), _ => { }, Token);
        return histogram.MeanIntersectionOverUnion();
    }
}

using Google.Protobuf;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Learning.Networks;
using IntraDA.Segmenter;
using IntraDA.Trainer.Jobs;
using IntraDA.Trainer.Loading;
using IntraDA.Trainer.Tests;
using IntraDA.Trainer.Training;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace IntraDA.Durability.Tests.Leaks;

/// <summary>Long use leaves as many tensors alive as there were, and the resident set where it was.</summary>
public sealed class LeakTests : IAsyncLifetime
{
    // What code and allocators need before they are warm.
    private const int First = 1_500;
    private const int FirstSteps = 500;

    // Allocators round up and hold on to pages: what counts is that this does not grow with the number of calls, so the long form,
    // five times as long, has the same bound.
    private const long Flat = 24L << 20;

    private TinyWorld _world = null!;

    private static int Predictions { get; } = Matrix.Choose(2_000, 10_000);

    private static int Steps { get; } = Matrix.Choose(500, 2_500);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = 300_000)]
    public async Task Two_thousand_predictions_leave_tensors_and_memory_where_they_were()
    {
        await using var service = await HostedService.StartAsync(
            SegmenterApplication.Create, "--Store:Kind", "Local", "--Store:Directory", _world.Folder.FullName, "--Segmenter:Threads", "1");
        var client = new SegmenterService.SegmenterServiceClient(service.Channel);
        var options = new PredictionOptions
        {
            Model = new ModelSelector { Checkpoint = await SmallNetwork.SaveAsync(_world.Store, 48) },
            LabelMap = true,
            EntropyMap = true,
            ConfidenceMap = true,
        };
        var image = ByteString.CopyFrom(ImageEncoder.EncodePng(new RgbImage(64, 64, new byte[3 * 64 * 64])));
        await PredictAsync(First);
        var (tensors, resident) = (Tensor.TotalCount, ProcessMemory.OwnResidentBytes());

        await PredictAsync(Predictions);

        var grown = ProcessMemory.OwnResidentBytes() - resident;
        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.True(grown < Flat, $"The resident set grew by {grown >> 10} KiB.");
        Tally.Say($"{Predictions} predictions: {Tensor.TotalCount - tensors:+0;-0;0} tensors, resident set {grown >> 10:+#,0;-#,0;0} KiB of {resident >> 20} MiB");

        async Task PredictAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var request = new PredictRequest { Options = options, Image = new ImageInput { Id = $"{i}", Content = image } };
                await client.PredictAsync(request, cancellationToken: Token).ResponseAsync.Within();
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Five_hundred_steps_leave_tensors_and_memory_where_they_were()
    {
        var spec = _world.Spec(AdaptationMethod.Advent, iterations: FirstSteps + Steps);
        spec.Options.CheckpointEvery = 50;
        var plan = await new TrainingPlanner(_world.Store).PlanAsync(spec, Token);
        var run = new TrainingRun(
            _world.Store,
            new DatasetFileReader(_world.Store, new ImageLimits()),
            new SampleCache(16 << 20),
            TimeProvider.System,
            CheckpointInterval.Never,
            TrainerRelease.Current(),
            NullLogger<TrainingRun>.Instance);
        var before = Tensor.TotalCount;
        var marks = new StepMarks(first: FirstSteps, last: FirstSteps + Steps - 1);

        await run.RunAsync(plan, TensorPlacement.Cpu, "leaks", marks, Token);

        var grown = marks.Last.Resident - marks.First.Resident;
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(marks.First.Tensors, marks.Last.Tensors);
        Assert.True(grown < Flat, $"The resident set grew by {grown >> 10} KiB.");
        Tally.Say(
            $"{Steps} training steps: {marks.Last.Tensors - marks.First.Tensors:+0;-0;0} tensors, resident set {grown >> 10:+#,0;-#,0;0} KiB of {marks.First.Resident >> 20} MiB");
    }

    private sealed class StepMarks(int first, int last) : ITrainingObserver
    {
        public (long Tensors, long Resident) First { get; private set; }

        public (long Tensors, long Resident) Last { get; private set; }

        public void Started(int iteration, int total, LossCurves curves)
        {
        }

        public void Stepped(TrainingMetrics metrics)
        {
            if (metrics.Iteration == first)
            {
                First = Measure();
            }
            else if (metrics.Iteration == last)
            {
                Last = Measure();
            }
        }

        private static (long Tensors, long Resident) Measure()
        {
            // The batch of the next iteration is being made beside this one: once it is there, the count stands still.
            long tensors;
            do
            {
                tensors = Tensor.TotalCount;
                Thread.Sleep(100);
            }
            while (tensors != Tensor.TotalCount);
            return (tensors, ProcessMemory.OwnResidentBytes());
        }
    }
}

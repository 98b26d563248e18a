using System.Diagnostics.Metrics;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Telemetry;
using IntraDA.Learning.Inference;
using IntraDA.Segmenter.Engines;
using IntraDA.Segmenter.Predictions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Tests.Predictions;

public sealed class MicroBatchesTests : IDisposable
{
    private static readonly EngineOutputs Labels = new(true, false, false, true);

    private readonly SegmentationEngine _engine = new(World.Network(3), World.Description);
    private readonly ServiceTelemetry _telemetry =
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3 * World.Width * World.Height, 1e-6)]
    [InlineData(1 << 20, 1e-6)]
    public async Task Images_that_wait_together_get_the_answers_of_images_alone(int batchPixels, double mostDifference)
    {
        var options = Options.Create(new SegmenterOptions { BatchPixels = batchPixels });
        var turns = new ImageTurns(options, _telemetry);
        var batches = new MicroBatches(turns, options);
        var images = Enumerable.Range(0, 12).Select(i => _engine.Prepare(World.Image(i))).ToList();
        var expected = images.Select(i => _engine.Predict(i, Labels)).ToList();
        using var release = new ManualResetEventSlim();
        var busy = await OccupyAsync(turns, release);
        var waiting = images.Select(i => batches.PredictAsync(_engine, () => i, Labels, TestContext.Current.CancellationToken)).ToList();
        release.Set();
        await busy.Within();
        var actual = await Task.WhenAll(waiting).Within();
        foreach (var (e, a) in expected.Zip(actual))
        {
            // Alone to the last bit, in company up to the last bits of float32.
            Assert.InRange(Math.Abs(e.Score - a.Score), 0, mostDifference);
            var different = e.Labels!.TrainIds.Zip(a.Labels!.TrainIds).Count(pair => pair.First != pair.Second);
            Assert.InRange(different, 0, mostDifference == 0 ? 0 : 2);
        }
    }

    [Fact]
    public async Task An_image_whose_caller_gave_up_is_not_computed_and_holds_nobody_up()
    {
        var options = Options.Create(new SegmenterOptions());
        var turns = new ImageTurns(options, _telemetry);
        var batches = new MicroBatches(turns, options);
        using var release = new ManualResetEventSlim();
        var busy = await OccupyAsync(turns, release);
        using var gaveUp = new CancellationTokenSource();
        var image = _engine.Prepare(World.Image(1));
        var abandoned = batches.PredictAsync(_engine, () => image, Labels, gaveUp.Token);
        var kept = batches.PredictAsync(_engine, () => image, Labels, TestContext.Current.CancellationToken);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned.Within());
        release.Set();
        Assert.True(await busy.Within());
        Assert.NotNull((await kept.Within()).Labels);
    }

    [Fact]
    public async Task What_fails_in_a_batch_is_told_to_its_callers()
    {
        var options = Options.Create(new SegmenterOptions());
        var turns = new ImageTurns(options, _telemetry);
        var batches = new MicroBatches(turns, options);
        var wrong = new PreparedImage(2, 2, new byte[12]);
        await Assert.ThrowsAnyAsync<Exception>(() => batches.PredictAsync(_engine, () => wrong, Labels, TestContext.Current.CancellationToken).Within());
        Assert.NotNull(await batches.PredictAsync(_engine, () => _engine.Prepare(World.Image(1)), Labels, TestContext.Current.CancellationToken).Within());
    }

    [Fact]
    public async Task More_images_than_may_wait_are_refused()
    {
        var options = Options.Create(new SegmenterOptions { QueueLength = 1 });
        var turns = new ImageTurns(options, _telemetry);
        var batches = new MicroBatches(turns, options);
        using var release = new ManualResetEventSlim();
        var busy = await OccupyAsync(turns, release);
        var image = _engine.Prepare(World.Image(1));
        var waiting = batches.PredictAsync(_engine, () => image, Labels, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<ServiceException>(
            () => batches.PredictAsync(_engine, () => image, Labels, TestContext.Current.CancellationToken).Within());
        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, refused.StatusCode);
        release.Set();
        await busy.Within();
        await waiting.Within();
    }

    public void Dispose() => _engine.Dispose();

    // Takes the turn until it is released.
    private static async Task<Task<bool>> OccupyAsync(ImageTurns turns, ManualResetEventSlim release)
    {
        var begun = new TaskCompletionSource();
        var busy = turns.RunAsync(
            () =>
            {
                begun.SetResult();
                return release.Wait(TimeSpan.FromSeconds(30));
            },
            TestContext.Current.CancellationToken);
        await begun.Task.Within();
        return busy;
    }
}

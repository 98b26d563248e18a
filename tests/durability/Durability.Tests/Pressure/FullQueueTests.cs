using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.World;
using IntraDA.Hosting.Errors;
using IntraDA.Segmenter;
using IntraDA.Trainer.Tests;

namespace IntraDA.Durability.Tests.Pressure;

/// <summary>A segmenter that is full says so, and when to come back.</summary>
public sealed class FullQueueTests : IAsyncLifetime
{
    private TinyWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await TinyWorld.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public async Task Too_many_images_and_too_many_streams_are_refused_with_a_delay()
    {
        await using var service = await HostedService.StartAsync(
            SegmenterApplication.Create,
            "--Store:Kind", "Local", "--Store:Directory", _world.Folder.FullName, "--Segmenter:Threads", "1", "--Segmenter:QueueLength", "1",
            "--Segmenter:Streams", "1");
        var client = new SegmenterService.SegmenterServiceClient(service.Channel);
        var model = new ModelSelector { Checkpoint = await SmallNetwork.SaveAsync(_world.Store, 256) };
        var image = new ImageInput { Content = ByteString.CopyFrom(ImageEncoder.EncodePng(new RgbImage(64, 64, new byte[3 * 64 * 64]))) };
        var request = new PredictRequest { Options = new PredictionOptions { Model = model }, Image = image };
        await client.PredictAsync(request, cancellationToken: Token).ResponseAsync.Within();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            try
            {
                await client.PredictAsync(request, cancellationToken: Token).ResponseAsync.Within();
                return null;
            }
            catch (RpcException e)
            {
                return e;
            }
        }));
        Assert.Contains(outcomes, outcome => outcome is null);
        var refused = outcomes.OfType<RpcException>().ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, AssertFull);

        using var first = client.StreamPredict(cancellationToken: Token);
        await first.RequestStream.WriteAsync(new StreamPredictRequest { Options = request.Options }, Token);
        await first.RequestStream.WriteAsync(new StreamPredictRequest { Image = image }, Token);
        Assert.True(await first.ResponseStream.MoveNext(Token).Within());
        using var second = client.StreamPredict(cancellationToken: Token);
        AssertFull(await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(Token).Within()));
        await first.RequestStream.CompleteAsync();
        Assert.False(await first.ResponseStream.MoveNext(Token).Within());

        // The place is free again.
        using var third = client.StreamPredict(cancellationToken: Token);
        await third.RequestStream.WriteAsync(new StreamPredictRequest { Options = request.Options }, Token);
        await third.RequestStream.CompleteAsync();
        Assert.False(await third.ResponseStream.MoveNext(Token).Within());
        Tally.Say($"full queues: {refused.Count} of 40 images and 1 of 2 streams refused with RESOURCE_EXHAUSTED and a delay");
    }

    private static void AssertFull(RpcException error)
    {
        Assert.Equal((StatusCode.ResourceExhausted, "QUEUE_FULL"), (error.StatusCode, RpcErrors.ReadReason(error)));
        Assert.InRange(error.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan().TotalSeconds, 0.1, 60);
    }
}

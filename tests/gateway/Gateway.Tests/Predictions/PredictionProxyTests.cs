using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Gateway.Predictions;
using IntraDA.Gateway.Segmenters;
using IntraDA.Gateway.Tests.Ensemble;
using Microsoft.Extensions.DependencyInjection;
using PredictionOptions = IntraDA.Contracts.Gateway.V1.PredictionOptions;
using StreamPredictRequest = IntraDA.Contracts.Gateway.V1.StreamPredictRequest;

namespace IntraDA.Gateway.Tests.Predictions;

public sealed class PredictionProxyTests
{
    private static readonly PredictionOptions Options = new()
    {
        Model = new WorkflowModel { Checkpoint = new Artifact { Key = "w", Sha256 = new string('a', 64), SizeBytes = 1 } },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_answers_each_image_in_order()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        using var call = ensemble.Client.StreamPredict(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        for (var i = 0; i < 5; i++)
        {
            await call.RequestStream.WriteAsync(Image($"{i}", 10), Token).Within();
            Assert.True(await call.ResponseStream.MoveNext(Token).Within());
            Assert.Equal($"{i}", call.ResponseStream.Current.Result.Id);
        }

        await call.RequestStream.CompleteAsync().Within();
        Assert.False(await call.ResponseStream.MoveNext(Token).Within());
    }

    [Fact]
    public async Task A_write_that_hangs_does_not_outlast_the_segmenters_end_of_the_call()
    {
        using var stop = new CancellationTokenSource();
        var sending = PredictionProxy.SendAsync(new OneImage(), new HangingWriter(), new Contracts.Segmenter.V1.PredictionOptions(), stop);
        Assert.False(sending.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.Within());
    }

    [Fact]
    public async Task A_stream_that_begins_while_the_segmenter_starts_waits_for_it()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        await ensemble.StopSegmenterAsync();
        var pool = ensemble.Gateway.Services.GetRequiredService<SegmenterPool>();
        await pool.RefreshAsync(Token);
        Assert.DoesNotContain(pool.Endpoints, endpoint => endpoint.Serving);

        using var call = ensemble.Client.StreamPredict(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        await call.RequestStream.WriteAsync(Image("late", 10), Token).Within();
        var answer = call.ResponseStream.MoveNext(Token);
        await Task.Delay(500, Token);
        Assert.False(answer.IsCompleted);
        await ensemble.StartSegmenterAsync();

        Assert.True(await answer.Within());
        Assert.Equal("late", call.ResponseStream.Current.Result.Id);
    }

    [Fact]
    public async Task A_stream_without_a_segmenter_ends_with_its_address()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        await ensemble.StopSegmenterAsync();

        using var call = ensemble.Client.StreamPredict(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token).Within());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("The segmenter at http://127.0.0.1:", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_segmenter_slows_the_caller_instead_of_filling_the_gateway()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var go = new TaskCompletionSource();
        ensemble.Segmenter.OnPredict = (_, token) => go.Task.WaitAsync(token);
        using var call = ensemble.Client.StreamPredict(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        const int Images = 100;
        var sent = 0;
        var sending = Task.Run(
            async () =>
            {
                for (; sent < Images; sent++)
                {
                    await call.RequestStream.WriteAsync(Image($"{sent}", 1 << 20), Token);
                }

                await call.RequestStream.CompleteAsync();
            },
            Token);
        await Task.Delay(1500, Token);
        // A few messages lie in the buffers of the two connections and in each hand; 100 MiB do not.
        Assert.InRange(sent, 1, 20);
        go.SetResult();
        for (var i = 0; i < Images; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        }

        await sending.Within();
    }

    [Fact]
    public async Task The_first_message_must_carry_the_options_and_the_others_an_image()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        using var first = ensemble.Client.StreamPredict(cancellationToken: Token);
        await first.RequestStream.WriteAsync(Image("a", 1), Token).Within();
        var error = await Assert.ThrowsAsync<RpcException>(() => first.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);

        using var second = ensemble.Client.StreamPredict(cancellationToken: Token);
        await second.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        await second.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        error = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task A_caller_that_leaves_frees_the_segmenter()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var freed = new TaskCompletionSource();
        ensemble.Segmenter.OnPredict = async (_, token) =>
        {
            await using var registration = token.Register(() => freed.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = ensemble.Client.StreamPredict(cancellationToken: stop.Token);
        await call.RequestStream.WriteAsync(new StreamPredictRequest { Options = Options }, Token).Within();
        await call.RequestStream.WriteAsync(Image("a", 1), Token).Within();
        while (ensemble.Segmenter.Received == 0)
        {
            await Task.Delay(10, Token);
        }

        await stop.CancelAsync();
        await freed.Task.Within();
    }

    [Fact]
    public async Task A_segmenter_that_is_away_is_named_with_its_address()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var lonely = ensemble.ClientOf(await ensemble.StartGatewayAsync("--Services:Segmenter", "http://127.0.0.1:9"));
        var error = await Assert.ThrowsAsync<RpcException>(() => lonely
            .PredictAsync(
                new Contracts.Gateway.V1.PredictRequest { Options = Options, Image = new ImageInput { Id = "a" } },
                cancellationToken: Token).ResponseAsync.Within());
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("segmenter at http://127.0.0.1:9", error.Status.Detail, StringComparison.Ordinal);
    }

    private static StreamPredictRequest Image(string id, int bytes) =>
        new() { Image = new ImageInput { Id = id, Content = ByteString.CopyFrom(new byte[bytes]) } };

    private sealed class OneImage : IAsyncStreamReader<StreamPredictRequest>
    {
        public StreamPredictRequest Current { get; } = Image("1", 10);

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(true);
    }

    // Takes the options, and never ends the write of an image, whatever its token says.
    private sealed class HangingWriter : IClientStreamWriter<Contracts.Segmenter.V1.StreamPredictRequest>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(Contracts.Segmenter.V1.StreamPredictRequest message) =>
            message.Image is null ? Task.CompletedTask : new TaskCompletionSource().Task;

        public Task WriteAsync(Contracts.Segmenter.V1.StreamPredictRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync() => Task.CompletedTask;
    }
}

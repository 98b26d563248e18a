using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Gateway.Reporting.Gallery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntraDA.Gateway.Reporting.Tests.Gallery;

public sealed class SegmenterGalleryPredictorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Images_come_back_in_order_and_a_bad_one_does_not_stop_the_rest()
    {
        await using var server = await StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Urls.Single());
        var predictor = new SegmenterGalleryPredictor(() => new SegmenterService.SegmenterServiceClient(channel));
        var answers = await predictor.PredictAsync(
            new Artifact { Key = "weights" }, [new("a", [1, 2]), new("b", []), new("c", [3])], Token);
        Assert.Equal(["a", "b", "c"], answers.Select(a => a.Id));
        Assert.Equal([1, 2], answers[0].LabelMap);
        Assert.Equal("it is empty", answers[1].Error);
        Assert.Null(answers[2].Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refused_network_is_an_rpc_error_with_the_segmenters_reason()
    {
        await using var server = await StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Urls.Single());
        var predictor = new SegmenterGalleryPredictor(() => new SegmenterService.SegmenterServiceClient(channel));
        var exception = await Assert.ThrowsAsync<RpcException>(
            () => predictor.PredictAsync(new Artifact { Key = "missing" }, [new("a", [1]), new("b", [2])], Token));
        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal("no such checkpoint", exception.Status.Detail);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_write_that_hangs_does_not_outlast_the_segmenters_refusal()
    {
        var predictor = new SegmenterGalleryPredictor(() => new RefusingSegmenter());
        var exception = await Assert.ThrowsAsync<RpcException>(
            () => predictor.PredictAsync(new Artifact { Key = "weights" }, [new("a", [1])], Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_answer_may_overtake_the_end_of_its_write()
    {
        var segmenter = new HastySegmenter();
        var predictor = new SegmenterGalleryPredictor(() => segmenter);
        var answers = await predictor
            .PredictAsync(new Artifact { Key = "weights" }, [new("a", [1]), new("b", [2]), new("c", [3])], Token)
            .WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(["a", "b", "c"], answers.Select(a => a.Id));
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var server = builder.Build();
        server.MapGrpcService<ScriptedSegmenter>();
        await server.StartAsync(Token);
        return server;
    }

    /// <summary>Takes the options, refuses the first image, and never ends its write.</summary>
    private sealed class RefusingSegmenter : SegmenterService.SegmenterServiceClient, IClientStreamWriter<StreamPredictRequest>, IAsyncStreamReader<StreamPredictResponse>
    {
        private readonly TaskCompletionSource<bool> _refused = new();

        public WriteOptions? WriteOptions { get; set; }

        public StreamPredictResponse Current => throw new InvalidOperationException("There is no answer.");

        public override AsyncDuplexStreamingCall<StreamPredictRequest, StreamPredictResponse> StreamPredict(
            Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
            new(this, this, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public Task WriteAsync(StreamPredictRequest message)
        {
            if (message.Options is not null)
            {
                return Task.CompletedTask;
            }

            _refused.TrySetException(new RpcException(new Status(StatusCode.ResourceExhausted, "it is too large")));
            return new TaskCompletionSource().Task;
        }

        public Task WriteAsync(StreamPredictRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync() => Task.CompletedTask;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => _refused.Task;
    }

    /// <summary>Answers an image before its write has ended, and like a real call takes no message meanwhile.</summary>
    private sealed class HastySegmenter : SegmenterService.SegmenterServiceClient, IClientStreamWriter<StreamPredictRequest>, IAsyncStreamReader<StreamPredictResponse>
    {
        private readonly Channel<StreamPredictResponse> _answers = Channel.CreateUnbounded<StreamPredictResponse>();
        private Task _write = Task.CompletedTask;

        public WriteOptions? WriteOptions { get; set; }

        public StreamPredictResponse Current { get; private set; } = new();

        public override AsyncDuplexStreamingCall<StreamPredictRequest, StreamPredictResponse> StreamPredict(
            Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
            new(this, this, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public Task WriteAsync(StreamPredictRequest message)
        {
            if (!_write.IsCompleted)
            {
                throw new InvalidOperationException("The previous write is in progress.");
            }

            if (message.Image is not null)
            {
                _answers.Writer.TryWrite(new StreamPredictResponse { Id = message.Image.Id, Prediction = new Prediction() });
            }

            return _write = Task.Delay(50, Token);
        }

        public Task WriteAsync(StreamPredictRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync()
        {
            Assert.True(_write.IsCompleted);
            _answers.Writer.Complete();
            return Task.CompletedTask;
        }

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await _answers.Reader.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            Current = await _answers.Reader.ReadAsync(cancellationToken);
            return true;
        }
    }
}

using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Hosting;
using Microsoft.AspNetCore.Builder;

namespace IntraDA.Segmenter.Tests.Service;

public sealed class StreamPredictTests : IAsyncLifetime
{
    private readonly World _world = new();
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;
    private ModelSelector _model = null!;

    private SegmenterService.SegmenterServiceClient Client => new(_channel);

    public async ValueTask InitializeAsync()
    {
        _app = SegmenterApplication.Create(
            ["--Listen", "http://127.0.0.1:0", "--Store:Directory", _world.Folder.FullName, "--Segmenter:Threads", "1"]);
        await _app.StartAsync(TestContext.Current.CancellationToken).Within();
        _channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(_app));
        _model = new ModelSelector { Checkpoint = await _world.CheckpointAsync(1) };
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task Answers_come_in_order_and_a_bad_image_fails_alone()
    {
        List<ImageInput> images = [.. Enumerable.Range(0, 9).Select(Image)];
        images[4] = new ImageInput { Id = "bad", Content = ByteString.CopyFromUtf8("no image") };
        var answers = await StreamAsync(images).Within();
        Assert.Equal(images.Select(i => i.Id), answers.Select(a => a.Id));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (ulong)i), answers.Select(a => a.Sequence));
        Assert.Equal(["bad"], answers.Where(a => a.Error is not null).Select(a => a.Id));
        Assert.NotNull(answers[0].Classes);
        Assert.All(answers.Skip(1), a => Assert.Null(a.Classes));
    }

    [Fact]
    public async Task Streams_side_by_side_get_what_a_stream_alone_gets()
    {
        List<ImageInput> images = [.. Enumerable.Range(0, 8).Select(Image)];
        var alone = await StreamAsync(images).Within();
        var together = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StreamAsync(images))).Within();
        Assert.All(together, answers => Assert.Equal(alone.Select(a => a.Prediction), answers.Select(a => a.Prediction)));
    }

    [Fact]
    public async Task A_stream_without_options_and_one_with_an_empty_message_are_refused()
    {
        using var call = Client.StreamPredict(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new StreamPredictRequest { Image = Image(1) }, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);

        using var second = Client.StreamPredict(cancellationToken: TestContext.Current.CancellationToken);
        await second.RequestStream.WriteAsync(Options(), TestContext.Current.CancellationToken);
        await second.RequestStream.WriteAsync(new StreamPredictRequest(), TestContext.Current.CancellationToken);
        refused = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task A_reader_that_leaves_midway_leaves_the_service_in_order()
    {
        using (var call = Client.StreamPredict(cancellationToken: TestContext.Current.CancellationToken))
        {
            await call.RequestStream.WriteAsync(Options(), TestContext.Current.CancellationToken);
            for (var i = 0; i < 4; i++)
            {
                await call.RequestStream.WriteAsync(new StreamPredictRequest { Image = Image(i) }, TestContext.Current.CancellationToken);
            }

            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        }

        Assert.Single(await StreamAsync([Image(1)]).Within());
    }

    private static ImageInput Image(int seed) =>
        new() { Id = $"image {seed}", Content = UnsafeByteOperations.UnsafeWrap(ImageEncoder.EncodePng(World.Image(seed, 80, 50))) };

    private StreamPredictRequest Options() => new() { Options = new PredictionOptions { Model = _model, LabelMap = true, EntropyMap = true } };

    private async Task<List<StreamPredictResponse>> StreamAsync(List<ImageInput> images)
    {
        var token = TestContext.Current.CancellationToken;
        using var call = Client.StreamPredict(cancellationToken: token);
        var sending = SendAsync();
        var answers = new List<StreamPredictResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(token))
        {
            answers.Add(answer);
        }

        await sending;
        return answers;

        async Task SendAsync()
        {
            await call.RequestStream.WriteAsync(Options(), token);
            foreach (var image in images)
            {
                await call.RequestStream.WriteAsync(new StreamPredictRequest { Image = image }, token);
            }

            await call.RequestStream.CompleteAsync();
        }
    }
}

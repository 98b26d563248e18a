using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Labels;
using IntraDA.Data.Images;
using IntraDA.Ensemble.Tests.World;
using GatewayOptions = IntraDA.Contracts.Gateway.V1.PredictionOptions;
using GatewayStream = IntraDA.Contracts.Gateway.V1.StreamPredictRequest;
using SegmenterAnswer = IntraDA.Contracts.Segmenter.V1.StreamPredictResponse;
using SegmenterOptions = IntraDA.Contracts.Segmenter.V1.PredictionOptions;
using SegmenterStream = IntraDA.Contracts.Segmenter.V1.StreamPredictRequest;

namespace IntraDA.Ensemble.Tests.Predictions;

/// <summary>Predictions through the gateway, and from the segmenter itself.</summary>
public sealed class PredictionStreamTests(RunningEnsemble ensemble) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(ensemble.Services.Segmenter);

    private SegmenterService.SegmenterServiceClient Segmenter => new(_channel);

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task A_broken_image_amid_a_stream_fails_alone_and_both_ways_give_the_same()
    {
        var weights = (await ensemble.PlainAsync()).Stage(StageKind.Intra).Outputs["weights"];
        List<ImageInput> images = [.. ensemble.Images.Select((path, i) => new ImageInput { Id = $"image/{i}", Content = Read(path) })];
        images.Insert(3, new ImageInput { Id = "broken", Content = images[3].Content.Span[..200].ToArray().AsBytes() });
        images.Insert(5, new ImageInput { Id = "no image", Content = ByteString.CopyFromUtf8("no image at all") });

        var proxied = await ThroughGatewayAsync(images);
        var direct = await FromSegmenterAsync(weights, images);

        foreach (var answers in new[] { proxied, direct })
        {
            Assert.Equal(images.Select(image => image.Id), answers.Select(answer => answer.Id));
            Assert.Equal(Enumerable.Range(0, images.Count).Select(i => (ulong)i), answers.Select(answer => answer.Sequence));
            Assert.Equal(["broken", "no image"], answers.Where(answer => answer.Error is not null).Select(answer => answer.Id));
            Assert.All(answers.Where(answer => answer.Error is not null), answer => Assert.Equal((int)StatusCode.InvalidArgument, answer.Error.Code));
            Assert.Equal(11, answers[0].Classes.Names.Count);
            Assert.All(answers.Skip(1), answer => Assert.Null(answer.Classes));
        }

        Assert.Equal(direct.Select(answer => answer.Prediction), proxied.Select(answer => answer.Prediction));
        var first = direct[0].Prediction;
        var labels = LabelMapReader.Read(first.LabelMap.Memory, encoding: null, 11, "labels", new ImageLimits());
        Assert.Equal((TinyStreets.Width, TinyStreets.Height), (labels.Width, labels.Height));
        Assert.Equal((TinyStreets.Width, TinyStreets.Height), (first.Size.Width, first.Size.Height));
        Assert.Equal(11 * first.Score, first.Entropy, 6);
        Assert.Equal(TinyStreets.Width * TinyStreets.Height, first.ClassPixels.Sum());
    }

    [Fact]
    public async Task One_image_is_predicted_as_in_a_stream()
    {
        var workflow = await ensemble.PlainAsync();
        var image = new ImageInput { Id = "one", Content = Read(ensemble.Images[0]) };
        var token = TestContext.Current.CancellationToken;

        var proxied = await ensemble.Gateway.Stub
            .PredictAsync(
                new Contracts.Gateway.V1.PredictRequest { Options = Options(workflow.Id), Image = image }, cancellationToken: token)
            .ResponseAsync.Within();
        var direct = await Segmenter
            .PredictAsync(
                new Contracts.Segmenter.V1.PredictRequest
                {
                    Options = Options(workflow.Stage(StageKind.Intra).Outputs["weights"]),
                    Image = image,
                },
                cancellationToken: token)
            .ResponseAsync.Within();

        Assert.Equal("one", proxied.Result.Id);
        Assert.Equal(direct, proxied.Result);
        Assert.Equal((await ThroughGatewayAsync([image]))[0].Prediction, direct.Prediction);
    }

    [Fact]
    public async Task An_unknown_workflow_is_not_found()
    {
        var request = new Contracts.Gateway.V1.PredictRequest
        {
            Options = Options("wf-0000000000000000"),
            Image = new ImageInput { Content = Read(ensemble.Images[0]) },
        };

        var error = await Assert.ThrowsAsync<RpcException>(
            () => ensemble.Gateway.Stub.PredictAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Within());

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains("wf-0000000000000000", error.Status.Detail, StringComparison.Ordinal);
    }

    private static ByteString Read(string path) => File.ReadAllBytes(path).AsBytes();

    private static GatewayOptions Options(string workflow) =>
        new() { Model = new WorkflowModel { WorkflowId = workflow }, Outputs = new SegmenterOptions { LabelMap = true, EntropyMap = true } };

    private static SegmenterOptions Options(Artifact weights) =>
        new() { Model = new ModelSelector { Checkpoint = weights }, LabelMap = true, EntropyMap = true };

    private async Task<List<SegmenterAnswer>> ThroughGatewayAsync(List<ImageInput> images)
    {
        var options = Options((await ensemble.PlainAsync()).Id);
        var token = TestContext.Current.CancellationToken;
        using var call = ensemble.Gateway.Stub.StreamPredict(cancellationToken: token);
        await call.RequestStream.WriteAsync(new GatewayStream { Options = options }, token).Within();
        var sending = Task.Run(
            async () =>
            {
                foreach (var image in images)
                {
                    await call.RequestStream.WriteAsync(new GatewayStream { Image = image }, token);
                }

                await call.RequestStream.CompleteAsync();
            },
            token);
        var answers = await call.ResponseStream.ReadAllAsync(token).Select(answer => answer.Result).ToListAsync(token).AsTask().Within();
        await sending.Within();
        return answers;
    }

    private async Task<List<SegmenterAnswer>> FromSegmenterAsync(Artifact weights, List<ImageInput> images)
    {
        var token = TestContext.Current.CancellationToken;
        using var call = Segmenter.StreamPredict(cancellationToken: token);
        await call.RequestStream.WriteAsync(new SegmenterStream { Options = Options(weights) }, token).Within();
        var sending = Task.Run(
            async () =>
            {
                foreach (var image in images)
                {
                    await call.RequestStream.WriteAsync(new SegmenterStream { Image = image }, token);
                }

                await call.RequestStream.CompleteAsync();
            },
            token);
        var answers = await call.ResponseStream.ReadAllAsync(token).ToListAsync(token).AsTask().Within();
        await sending.Within();
        return answers;
    }
}

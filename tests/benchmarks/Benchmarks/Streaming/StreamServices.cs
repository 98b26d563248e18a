using Grpc.Net.Client;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Gateway;
using IntraDA.Hosting;
using IntraDA.Segmenter;
using Microsoft.AspNetCore.Builder;
using GatewayOptions = IntraDA.Contracts.Gateway.V1.PredictionOptions;
using GatewayRequest = IntraDA.Contracts.Gateway.V1.StreamPredictRequest;
using SegmenterOptions = IntraDA.Contracts.Segmenter.V1.PredictionOptions;

namespace IntraDA.Benchmarks.Streaming;

/// <summary>A gateway and a segmenter on loopback, and a client that streams through both.</summary>
internal sealed class StreamServices : IAsyncDisposable
{
    private readonly WebApplication _segmenter;
    private readonly WebApplication _gateway;
    private readonly GrpcChannel _channel;
    private readonly GatewayService.GatewayServiceClient _client;

    private StreamServices(WebApplication segmenter, WebApplication gateway)
    {
        (_segmenter, _gateway) = (segmenter, gateway);
        _channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(gateway), new GrpcChannelOptions { MaxReceiveMessageSize = 64 << 20 });
        _client = new GatewayService.GatewayServiceClient(_channel);
    }

    /// <summary>Starts the services.</summary>
    /// <param name="store">Folder of their store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The services; dispose them.</returns>
    public static async Task<StreamServices> StartAsync(string store, CancellationToken cancellationToken)
    {
        string[] common =
        [
            "--Store:Kind", "Local", "--Store:Directory", store, "--Listen", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning",
        ];
        var segmenter = SegmenterApplication.Create(common);
        await segmenter.StartAsync(cancellationToken).ConfigureAwait(false);
        var gateway = GatewayApplication.Create(
        [
            .. common, "--Web:Listen", "http://127.0.0.1:0", "--Services:Segmenter", ServiceHost.AddressOf(segmenter),
            "--Services:Ranker", "http://127.0.0.1:1", "--Services:Trainers:0", "http://127.0.0.1:1",
        ]);
        await gateway.StartAsync(cancellationToken).ConfigureAwait(false);
        return new StreamServices(segmenter, gateway);
    }

    /// <summary>Streams images to the gateway and label maps back.</summary>
    /// <param name="checkpoint">The network.</param>
    /// <param name="images">Encoded images.</param>
    /// <param name="answer">Receives each answer's index, score and label map.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>A task that ends with the stream.</returns>
    public async Task PredictAsync(
        Artifact checkpoint, IReadOnlyList<byte[]> images, Action<int, double, byte[]> answer, CancellationToken cancellationToken)
    {
        using var call = _client.StreamPredict(cancellationToken: cancellationToken);
        var sending = SendAsync();
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var result = call.ResponseStream.Current.Result;
            if (result.OutcomeCase != StreamPredictResponseOutcome)
            {
                throw new Frame.BenchException($"An image was refused: {result.Error?.Message}");
            }

            answer((int)result.Sequence, result.Prediction.Score, result.Prediction.LabelMap.ToByteArray());
        }

        await sending.ConfigureAwait(false);

        async Task SendAsync()
        {
            await call.RequestStream.WriteAsync(
                new GatewayRequest
                {
                    Options = new GatewayOptions
                    {
                        Model = new WorkflowModel { Checkpoint = checkpoint },
                        Outputs = new SegmenterOptions { LabelMap = true, NetworkResolution = true },
                    },
                },
                cancellationToken).ConfigureAwait(false);
            foreach (var image in images)
            {
                await call.RequestStream.WriteAsync(
                    new GatewayRequest { Image = new ImageInput { Content = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(image) } },
                    cancellationToken).ConfigureAwait(false);
            }

            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _gateway.StopAsync().ConfigureAwait(false);
        await _segmenter.StopAsync().ConfigureAwait(false);
        await _gateway.DisposeAsync().ConfigureAwait(false);
        await _segmenter.DisposeAsync().ConfigureAwait(false);
    }

    private const IntraDA.Contracts.Segmenter.V1.StreamPredictResponse.OutcomeOneofCase StreamPredictResponseOutcome =
        IntraDA.Contracts.Segmenter.V1.StreamPredictResponse.OutcomeOneofCase.Prediction;
}

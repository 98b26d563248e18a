using System.Runtime.CompilerServices;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using GatewayOptions = IntraDA.Contracts.Gateway.V1.PredictionOptions;
using GatewayRequest = IntraDA.Contracts.Gateway.V1.StreamPredictRequest;
using GatewayResponse = IntraDA.Contracts.Gateway.V1.StreamPredictResponse;
using SegmenterOptions = IntraDA.Contracts.Segmenter.V1.PredictionOptions;
using SegmenterResponse = IntraDA.Contracts.Segmenter.V1.StreamPredictResponse;

namespace IntraDA.Cli.Predict;

/// <summary>A prediction stream through the gateway.</summary>
internal sealed class GatewayPredictionCall : IPredictionCall
{
    private readonly AsyncDuplexStreamingCall<GatewayRequest, GatewayResponse> _call;

    private GatewayPredictionCall(AsyncDuplexStreamingCall<GatewayRequest, GatewayResponse> call) => _call = call;

    /// <summary>Opens the stream.</summary>
    /// <param name="client">The gateway.</param>
    /// <param name="model">The network.</param>
    /// <param name="outputs">What to return.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The stream.</returns>
    public static async Task<IPredictionCall> OpenAsync(
        GatewayService.GatewayServiceClient client, WorkflowModel model, SegmenterOptions outputs, CancellationToken cancellationToken)
    {
        var call = new GatewayPredictionCall(client.StreamPredict(cancellationToken: cancellationToken));
        await call._call.RequestStream.WriteAsync(
            new GatewayRequest { Options = new GatewayOptions { Model = model, Outputs = outputs } }, cancellationToken);
        return call;
    }

    /// <inheritdoc/>
    public Task SendAsync(ImageInput image, CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new GatewayRequest { Image = image }, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <inheritdoc/>
    public async IAsyncEnumerable<SegmenterResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var response in _call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return response.Result;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();
}

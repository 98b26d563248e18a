using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Cli.Predict;

/// <summary>A prediction stream to a segmenter, without the gateway in between.</summary>
internal sealed class SegmenterPredictionCall : IPredictionCall
{
    private readonly AsyncDuplexStreamingCall<StreamPredictRequest, StreamPredictResponse> _call;

    private SegmenterPredictionCall(AsyncDuplexStreamingCall<StreamPredictRequest, StreamPredictResponse> call) => _call = call;

    /// <summary>Opens the stream.</summary>
    /// <param name="client">The segmenter.</param>
    /// <param name="checkpoint">The network.</param>
    /// <param name="outputs">What to return.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The stream.</returns>
    public static async Task<IPredictionCall> OpenAsync(
        SegmenterService.SegmenterServiceClient client, Artifact checkpoint, PredictionOptions outputs, CancellationToken cancellationToken)
    {
        var call = new SegmenterPredictionCall(client.StreamPredict(cancellationToken: cancellationToken));
        var options = outputs.Clone();
        options.Model = new ModelSelector { Checkpoint = checkpoint };
        await call._call.RequestStream.WriteAsync(new StreamPredictRequest { Options = options }, cancellationToken);
        return call;
    }

    /// <inheritdoc/>
    public Task SendAsync(ImageInput image, CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new StreamPredictRequest { Image = image }, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <inheritdoc/>
    public IAsyncEnumerable<StreamPredictResponse> ReadAsync(CancellationToken cancellationToken) =>
        _call.ResponseStream.ReadAllAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();
}

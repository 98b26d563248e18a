using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Models;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Predictions;

/// <summary>Passes predictions through to the segmenter. Holds one message in each direction: a slow side slows the other.</summary>
internal sealed class PredictionProxy(Backends backends, ModelResolver models)
{
    public async Task<PredictResponse> PredictAsync(PredictRequest request, DateTime deadline, CancellationToken cancellationToken)
    {
        if (request.Image is null)
        {
            throw ServiceException.InvalidArgument("image", "An image is needed: its JPEG or PNG bytes.");
        }

        var options = await ResolveAsync(request.Options, cancellationToken).ConfigureAwait(false);
        try
        {
            var segmenter = await backends.SegmenterAsync(cancellationToken).ConfigureAwait(false);
            var result = await segmenter
                .PredictAsync(
                    new SegmenterV1.PredictRequest { Options = options, Image = request.Image },
                    deadline: deadline,
                    cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return new PredictResponse { Result = result };
        }
        catch (RpcException e)
        {
            throw Failures.Explain(e, "segmenter", backends.SegmenterAddress);
        }
    }

    public async Task StreamAsync(
        IAsyncStreamReader<StreamPredictRequest> requests,
        IServerStreamWriter<StreamPredictResponse> responses,
        DateTime deadline,
        CancellationToken cancellationToken)
    {
        if (!await requests.NextAsync(cancellationToken).ConfigureAwait(false)
            || requests.Current.MessageCase != StreamPredictRequest.MessageOneofCase.Options)
        {
            throw ServiceException.InvalidArgument("options", "The first message of the stream carries the options.");
        }

        var options = await ResolveAsync(requests.Current.Options, cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var segmenter = await backends.SegmenterAsync(stop.Token).ConfigureAwait(false);
        using var call = segmenter.StreamPredict(deadline: deadline, cancellationToken: stop.Token);
        var sending = SendAsync(requests, call.RequestStream, options, stop);
        try
        {
            while (await call.ResponseStream.MoveNext(stop.Token).ConfigureAwait(false))
            {
                await responses
                    .WriteAsync(new StreamPredictResponse { Result = call.ResponseStream.Current }, stop.Token)
                    .ConfigureAwait(false);
            }

            // The segmenter's word that all is well comes before what the caller may still be sending.
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or InvalidOperationException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            var refused = await FaultOfAsync(sending).ConfigureAwait(false);
            throw refused ?? Failures.Explain(e, "segmenter", backends.SegmenterAddress);
        }
    }

    /// <summary>Passes a caller's messages on.</summary>
    /// <param name="requests">The caller's, after the first.</param>
    /// <param name="segmenter">Takes them.</param>
    /// <param name="options">What the segmenter is told first.</param>
    /// <param name="stop">Cancelled once the segmenter has ended the call: a write that is under way then may never end (large writes to an HTTP/2 request
    /// that is answered already, about one in five hundred), nor does its token end it. So nobody waits for writes alone.</param>
    /// <returns>A task that ends with the last message, or with the call.</returns>
    internal static async Task SendAsync(
        IAsyncStreamReader<StreamPredictRequest> requests,
        IClientStreamWriter<SegmenterV1.StreamPredictRequest> segmenter,
        SegmenterV1.PredictionOptions options,
        CancellationTokenSource stop)
    {
        try
        {
            await segmenter
                .WriteAsync(new SegmenterV1.StreamPredictRequest { Options = options }, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            while (await requests.NextAsync(stop.Token).ConfigureAwait(false))
            {
                if (requests.Current.MessageCase != StreamPredictRequest.MessageOneofCase.Image)
                {
                    throw ServiceException.InvalidArgument("image", "Every message after the first carries an image.");
                }

                await segmenter
                    .WriteAsync(new SegmenterV1.StreamPredictRequest { Image = requests.Current.Image }, stop.Token)
                    .WaitAsync(stop.Token)
                    .ConfigureAwait(false);
            }

            await segmenter.CompleteAsync().ConfigureAwait(false);
        }
        catch (ServiceException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    // What this side refused is the cause; a write that broke because the segmenter ended the call is only its echo.
    private static async Task<Exception?> FaultOfAsync(Task sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
            return null;
        }
        catch (ServiceException e)
        {
            return e;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<SegmenterV1.PredictionOptions> ResolveAsync(PredictionOptions? options, CancellationToken cancellationToken)
    {
        var outputs = options?.Outputs?.Clone() ?? new SegmenterV1.PredictionOptions();
        if (outputs.Model is not null)
        {
            throw ServiceException.InvalidArgument("options.outputs.model", "Leave this unset; the network is named by options.model.");
        }

        var checkpoint = await models.ResolveAsync(options?.Model, "options.model", cancellationToken).ConfigureAwait(false);
        outputs.Model = new SegmenterV1.ModelSelector { Checkpoint = checkpoint };
        return outputs;
    }
}

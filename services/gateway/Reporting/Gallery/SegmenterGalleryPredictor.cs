using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Segments the gallery's images through <c>SegmenterService.StreamPredict</c>.</summary>
/// <param name="segmenter">The segmenter for a call.</param>
public sealed class SegmenterGalleryPredictor(Func<SegmenterService.SegmenterServiceClient> segmenter) : IGalleryPredictor
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<GalleryPrediction>> PredictAsync(
        Artifact checkpoint, IReadOnlyList<GalleryImage> images, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var answered = new SemaphoreSlim(0);
        using var call = segmenter().StreamPredict(cancellationToken: cancellationToken);
        var sending = SendAsync(call.RequestStream, checkpoint, images, answered, ended.Token);
        var predictions = new List<GalleryPrediction>(images.Count);
        try
        {
            // Reading to the end is what surfaces the call's final status.
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                if (predictions.Count < images.Count)
                {
                    predictions.Add(Read(images[predictions.Count].Id, call.ResponseStream.Current));
                    answered.Release();
                }
            }

            return predictions;
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
        }
    }

    /// <summary>Sends the options and one image after the other, each once the one before it is answered: a gallery is a dozen images, and the stream's
    /// own limits then never matter.</summary>
    /// <param name="requests">Takes the messages.</param>
    /// <param name="checkpoint">The network.</param>
    /// <param name="images">The gallery's images.</param>
    /// <param name="answered">Released with every answer.</param>
    /// <param name="ended">Cancelled with the call: a large write that the end overtakes may never end by itself.</param>
    /// <returns>A task that ends with the last message or with the call, and never fails: the reader says why a call has ended.</returns>
    private static async Task SendAsync(
        IClientStreamWriter<StreamPredictRequest> requests,
        Artifact checkpoint,
        IReadOnlyList<GalleryImage> images,
        SemaphoreSlim answered,
        CancellationToken ended)
    {
        try
        {
            var options = new PredictionOptions { Model = new ModelSelector { Checkpoint = checkpoint }, LabelMap = true, EntropyMap = true };
            await requests.WriteAsync(new StreamPredictRequest { Options = options }, ended).WaitAsync(ended);
            foreach (var image in images)
            {
                var input = new ImageInput { Id = image.Id, Content = UnsafeByteOperations.UnsafeWrap(image.Content) };
                await requests.WriteAsync(new StreamPredictRequest { Image = input }, ended).WaitAsync(ended);
                await answered.WaitAsync(ended);
            }

            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException or OperationCanceledException or IOException)
        {
            // A call that has ended refuses to be written to, with an error that says nothing of why.
        }
    }

    private static GalleryPrediction Read(string id, StreamPredictResponse response) =>
        response.OutcomeCase == StreamPredictResponse.OutcomeOneofCase.Prediction
            ? new GalleryPrediction(
                id, response.Prediction.LabelMap.ToByteArray(), response.Prediction.EntropyMap.ToByteArray(), Error: null)
            : new GalleryPrediction(id, [], [], response.Error?.Message ?? "the segmenter gave no prediction");
}

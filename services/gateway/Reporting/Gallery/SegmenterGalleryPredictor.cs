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
        using var call = segmenter().StreamPredict(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(
            new StreamPredictRequest
            {
                Options = new PredictionOptions
                {
                    Model = new ModelSelector { Checkpoint = checkpoint },
                    LabelMap = true,
                    EntropyMap = true,
                },
            },
            cancellationToken);

        var predictions = new List<GalleryPrediction>(images.Count);
        foreach (var image in images)
        {
            // One image in flight: a gallery is a dozen images, and the stream's own limits then never matter.
            var answered = call.ResponseStream.MoveNext(cancellationToken);
            await WriteAsync(call.RequestStream, image, answered, cancellationToken);
            if (!await answered)
            {
                break;
            }

            predictions.Add(Read(image.Id, call.ResponseStream.Current));
        }

        await CompleteAsync(call.RequestStream);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            // Reading to the end is what surfaces the call's final status.
        }

        return predictions;
    }

    // A call that has ended refuses to be written to with an error that says nothing of why. A large write that the end overtakes may even hang
    // for ever.
    private static async Task WriteAsync(
        IClientStreamWriter<StreamPredictRequest> requests, GalleryImage image, Task<bool> answered, CancellationToken cancellationToken)
    {
        try
        {
            var message = new StreamPredictRequest
            {
                Image = new ImageInput { Id = image.Id, Content = UnsafeByteOperations.UnsafeWrap(image.Content) },
            };
            await await Task.WhenAny(requests.WriteAsync(message, cancellationToken), answered);
        }
        catch (InvalidOperationException)
        {
            // The reader says why.
        }
    }

    private static async Task CompleteAsync(IClientStreamWriter<StreamPredictRequest> requests)
    {
        try
        {
            await requests.CompleteAsync();
        }
        catch (InvalidOperationException)
        {
            // As above.
        }
    }

    private static GalleryPrediction Read(string id, StreamPredictResponse response) =>
        response.OutcomeCase == StreamPredictResponse.OutcomeOneofCase.Prediction
            ? new GalleryPrediction(
                id, response.Prediction.LabelMap.ToByteArray(), response.Prediction.EntropyMap.ToByteArray(), Error: null)
            : new GalleryPrediction(id, [], [], response.Error?.Message ?? "the segmenter gave no prediction");
}

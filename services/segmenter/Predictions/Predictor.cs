using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Predictions;

/// <summary>Decodes and segments single images.</summary>
/// <param name="batches">Computes images when it is their turn, together with others that wait.</param>
/// <param name="limits">Bounds on images.</param>
public sealed class Predictor(MicroBatches batches, ImageLimits limits)
{
    private const int MaxIdLength = 256;

    /// <summary>Decodes an image.</summary>
    /// <param name="image">The image.</param>
    /// <returns>Its pixels.</returns>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: it is not an image, it is too large, or the id is too long.</exception>
    public RgbImage Decode(ImageInput image)
    {
        if (image.Id.Length > MaxIdLength)
        {
            throw ServiceException.InvalidArgument("image.id", $"An id has at most {MaxIdLength} characters, this one {image.Id.Length}.");
        }

        try
        {
            return ImageDecoder.Decode(image.Content.Memory, image.Id.Length == 0 ? "image" : image.Id, limits);
        }
        catch (BadImageException e)
        {
            throw ServiceException.BadInput("image.content", e);
        }
    }

    /// <summary>Decodes and segments an image when it is its turn: those that wait are held encoded, which is what bounds their memory.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">What to return.</param>
    /// <param name="cancellationToken">Gives the turn up.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="BadImageException">It is not an image, or too large.</exception>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: the id is too long. RESOURCE_EXHAUSTED: too many wait.</exception>
    public async Task<Prediction> PredictAsync(
        SegmentationEngine engine, ImageInput image, PredictionOptions options, CancellationToken cancellationToken)
    {
        var outputs = PredictionMessages.ToOutputs(options);
        var prediction = await batches
            .PredictAsync(engine, () => engine.Prepare(Decode(image)), outputs, cancellationToken).ConfigureAwait(false);
        return PredictionMessages.ToMessage(prediction);
    }

    /// <summary>Segments a decoded image when it is its turn.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">What to return.</param>
    /// <param name="cancellationToken">Gives the turn up.</param>
    /// <returns>The prediction.</returns>
    public async Task<Prediction> PredictAsync(
        SegmentationEngine engine, RgbImage image, PredictionOptions options, CancellationToken cancellationToken)
    {
        var prepared = await Task.Run(() => engine.Prepare(image), cancellationToken).ConfigureAwait(false);
        var outputs = PredictionMessages.ToOutputs(options);
        var prediction = await batches.PredictAsync(engine, () => prepared, outputs, cancellationToken).ConfigureAwait(false);
        return PredictionMessages.ToMessage(prediction);
    }
}

using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Predictions;

/// <summary>Decodes and segments single images.</summary>
/// <param name="batches">Computes images when it is their turn, together with others that wait.</param>
/// <param name="room">Bounds what is decoded before its turn.</param>
/// <param name="limits">Bounds on images.</param>
public sealed class Predictor(MicroBatches batches, PixelBudget room, ImageLimits limits)
{
    private const int MaxIdLength = 256;

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

    /// <summary>
    /// As <see cref="PredictAsync"/>, but decodes before it is the image's turn, as soon as there is room for its pixels: while others are computed. The
    /// room is held until the answer is encoded.
    /// </summary>
    /// <param name="engine">The network.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">What to return.</param>
    /// <param name="cancellationToken">Gives the turn up.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: it is not an image, it is too large, or the id is too long. RESOURCE_EXHAUSTED: too many wait.</exception>
    public async Task<Prediction> PredictAheadAsync(
        SegmentationEngine engine, ImageInput image, PredictionOptions options, CancellationToken cancellationToken)
    {
        var header = Checked(image, name => ImageHeader.Read(image.Content.Span, name, limits));
        var pixels = Math.Max((long)header.Width * header.Height, (long)engine.Description.InputWidth * engine.Description.InputHeight);
        using var held = await room.TakeAsync(pixels, cancellationToken).ConfigureAwait(false);
        var prepared = engine.Prepare(Decode(image));
        var prediction = await batches
            .PredictAsync(engine, () => prepared, PredictionMessages.ToOutputs(options), cancellationToken).ConfigureAwait(false);
        return PredictionMessages.ToMessage(prediction);
    }

    private static T Checked<T>(ImageInput image, Func<string, T> read)
    {
        if (image.Id.Length > MaxIdLength)
        {
            throw ServiceException.InvalidArgument("image.id", $"An id has at most {MaxIdLength} characters, this one {image.Id.Length}.");
        }

        try
        {
            return read(image.Id.Length == 0 ? "image" : image.Id);
        }
        catch (BadImageException e)
        {
            throw ServiceException.BadInput("image.content", e);
        }
    }

    private RgbImage Decode(ImageInput image) => Checked(image, name => ImageDecoder.Decode(image.Content.Memory, name, limits));
}

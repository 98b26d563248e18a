using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Cli.Predict;

/// <summary>An open prediction stream, to the gateway or to a segmenter.</summary>
internal interface IPredictionCall : IDisposable
{
    /// <summary>Sends an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Stops waiting for room in the stream.</param>
    /// <returns>A task that ends when the image is on its way.</returns>
    Task SendAsync(ImageInput image, CancellationToken cancellationToken);

    /// <summary>Says that there are no more images.</summary>
    /// <returns>A task that ends when it is said.</returns>
    Task CompleteAsync();

    /// <summary>The answers, one an image, in order.</summary>
    /// <param name="cancellationToken">Stops the stream.</param>
    /// <returns>The answers.</returns>
    IAsyncEnumerable<StreamPredictResponse> ReadAsync(CancellationToken cancellationToken);
}

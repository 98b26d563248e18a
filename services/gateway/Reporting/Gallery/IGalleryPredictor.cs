using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Segments the few images that a report shows.</summary>
public interface IGalleryPredictor
{
    /// <summary>Segments images with one network.</summary>
    /// <param name="checkpoint">The network's weights.</param>
    /// <param name="images">Encoded images; ids are unique.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One answer an image, in the same order.</returns>
    /// <exception cref="Grpc.Core.RpcException">The segmenter does not answer, or cannot load the network.</exception>
    Task<IReadOnlyList<GalleryPrediction>> PredictAsync(
        Artifact checkpoint, IReadOnlyList<GalleryImage> images, CancellationToken cancellationToken);
}

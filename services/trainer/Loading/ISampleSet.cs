namespace IntraDA.Trainer.Loading;

/// <summary>The images of a data set at training size.</summary>
public interface ISampleSet
{
    /// <summary>Name that tells the set's random order from those of other sets.</summary>
    string Role { get; }

    /// <summary>Number of images, at least 1.</summary>
    int Count { get; }

    /// <summary>Width of the samples, pixels.</summary>
    int Width { get; }

    /// <summary>Height of the samples, pixels.</summary>
    int Height { get; }

    /// <summary>Reads an image, and its label map where the set is labelled.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The sample.</returns>
    ValueTask<Sample> LoadAsync(int index, CancellationToken cancellationToken);
}

namespace IntraDA.Artifacts.Store;

/// <summary>Makes the store that the options name.</summary>
public static class ArtifactStoreFactory
{
    /// <summary>Makes a store.</summary>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <param name="timeProvider">Clock of time-outs, retries and the age of left-over files.</param>
    /// <returns>The store. The S3 form is <see cref="IDisposable"/> and first reaches the server when first used.</returns>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every violation.</exception>
    public static IArtifactStore Create(StoreOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var violations = options.Validate();
        if (violations.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', violations), nameof(options));
        }

        return options.Kind == StoreKind.S3
            ? new S3ArtifactStore(options.ToS3(), timeProvider)
            : new LocalArtifactStore(options.Directory, timeProvider);
    }
}

namespace IntraDA.Artifacts.Store;

/// <summary>There is nothing under a key.</summary>
/// <param name="key">The key.</param>
/// <param name="innerException">The cause, where there is one.</param>
public sealed class ArtifactNotFoundException(string key, Exception? innerException = null)
    : ArtifactStoreException($"The store holds nothing under '{key}'.", isTransient: false, innerException)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}

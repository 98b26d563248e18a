namespace IntraDA.Artifacts.Store;

/// <summary>An artefact's bytes are not those of its reference.</summary>
/// <param name="key">The key.</param>
/// <param name="reason">What differs, e.g. "SHA-256 is ..., expected ...".</param>
public sealed class ArtifactDamagedException(string key, string reason)
    : ArtifactStoreException($"The artefact '{key}' is damaged: {reason}", isTransient: false)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}

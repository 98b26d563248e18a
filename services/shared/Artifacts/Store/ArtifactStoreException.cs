namespace IntraDA.Artifacts.Store;

/// <summary>The artefact store failed.</summary>
public class ArtifactStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence that names the key and what happened; no secret, no endpoint credentials.</param>
    /// <param name="isTransient">Whether the same call may succeed later.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ArtifactStoreException(string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>Whether the same call may succeed later: unreachable, overloaded, reset.</summary>
    public bool IsTransient { get; }
}

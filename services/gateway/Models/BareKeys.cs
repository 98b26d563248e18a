using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Models;

/// <summary>Completes references that people write: they know a key, as a command printed it, but no digest.</summary>
internal sealed class BareKeys(IArtifactStore store)
{
    /// <summary>The reference as given, or with digest and size of what lies under its key.</summary>
    /// <param name="artifact">The reference.</param>
    /// <param name="field">Path of the field.</param>
    /// <param name="mediaType">Media type of what is expected there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: it is neither a reference nor a key.</exception>
    /// <exception cref="ArtifactNotFoundException">There is nothing under the key.</exception>
    public async Task<Artifact> CompleteAsync(
        Artifact? artifact, string field, string mediaType, CancellationToken cancellationToken)
    {
        if (artifact is { Sha256: "", SizeBytes: 0 } && ArtifactKey.IsValid(artifact.Key))
        {
            return await store.DescribeAsync(artifact.Key, mediaType, cancellationToken).ConfigureAwait(false);
        }

        var validator = new RequestValidator();
        validator.RequireArtifact(artifact, field);
        validator.ThrowIfAny();
        return artifact!;
    }
}

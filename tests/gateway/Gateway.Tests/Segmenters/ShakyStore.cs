using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Tests.Segmenters;

/// <summary>A store that is out of reach the first times that some of its keys are read or written.</summary>
internal sealed class ShakyStore(IArtifactStore store, int failures, params string[] ends) : IArtifactStore
{
    private readonly Dictionary<string, int> _failed = ends.ToDictionary(end => end, _ => 0);

    /// <summary>How often each key has failed.</summary>
    public IReadOnlyDictionary<string, int> Failed => _failed;

    public Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken)
    {
        Shake(key);
        return store.PutAsync(key, content, mediaType, cancellationToken);
    }

    public Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken) =>
        store.TryCreateAsync(key, content, mediaType, cancellationToken);

    public Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken)
    {
        Shake(artifact.Key);
        return store.CopyToAsync(artifact, destination, cancellationToken);
    }

    public Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken) => store.GetSizeAsync(key, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => store.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    public Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken) =>
        store.CreateDownloadLinkAsync(artifact, lifetime, cancellationToken);

    private void Shake(string key)
    {
        lock (_failed)
        {
            if (_failed.Keys.FirstOrDefault(end => key.EndsWith(end, StringComparison.Ordinal)) is { } end && _failed[end] < failures)
            {
                _failed[end]++;
                throw new ArtifactStoreException($"The store is away for '{key}'.", isTransient: true);
            }
        }
    }
}

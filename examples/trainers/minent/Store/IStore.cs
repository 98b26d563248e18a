using IntraDA.Contracts.Artifacts.V1;

namespace MinEntTrainer.Store;

/// <summary>The ensemble's artefact store, as far as a trainer of small networks needs it: whole objects in memory.</summary>
/// <remarks>Failures of the store itself are UNAVAILABLE <c>STORE_UNAVAILABLE</c>: they pass, and callers ask again.</remarks>
internal interface IStore
{
    /// <summary>Reads what lies under a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The bytes; null where there is nothing.</returns>
    Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Puts bytes under a key, all or nothing, in place of what was there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Cancels; nothing is stored then.</param>
    /// <returns>The reference.</returns>
    Task<Artifact> PutAsync(string key, byte[] content, string mediaType, CancellationToken cancellationToken);

    /// <summary>Puts bytes under a key unless it is taken.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">IANA media type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False where the key is taken.</returns>
    Task<bool> TryCreateAsync(string key, byte[] content, string mediaType, CancellationToken cancellationToken);

    /// <summary>Deletes what lies under a key, if anything.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the deletion.</returns>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keys that begin with a prefix.</summary>
    /// <param name="prefix">A leading part of keys that ends with '/'.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The keys, in any order.</returns>
    Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken);
}

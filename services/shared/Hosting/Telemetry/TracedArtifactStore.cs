using System.Diagnostics;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Hosting.Telemetry;

/// <summary>A store whose accesses are seen: a span and a duration each.</summary>
/// <param name="inner">The store.</param>
/// <param name="telemetry">Receives them.</param>
/// <param name="time">Clock.</param>
internal sealed class TracedArtifactStore(IArtifactStore inner, ServiceTelemetry telemetry, TimeProvider time) : IArtifactStore, IDisposable
{
    /// <inheritdoc/>
    public Task<Artifact> PutAsync(string key, Stream content, string mediaType, CancellationToken cancellationToken) =>
        SeeAsync("put", key, () => inner.PutAsync(key, content, mediaType, cancellationToken));

    /// <inheritdoc/>
    public Task<Artifact?> TryCreateAsync(string key, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken) =>
        SeeAsync("create", key, () => inner.TryCreateAsync(key, content, mediaType, cancellationToken));

    /// <inheritdoc/>
    public Task CopyToAsync(Artifact artifact, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return SeeAsync(
            "get",
            artifact.Key,
            async () =>
            {
                await inner.CopyToAsync(artifact, destination, cancellationToken).ConfigureAwait(false);
                return true;
            });
    }

    /// <inheritdoc/>
    public Task<long?> GetSizeAsync(string key, CancellationToken cancellationToken) =>
        SeeAsync("size", key, () => inner.GetSizeAsync(key, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => SeeAsync(
        "delete",
        key,
        async () =>
        {
            await inner.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            return true;
        });

    /// <inheritdoc/>
    public Task<Uri?> CreateDownloadLinkAsync(Artifact artifact, TimeSpan lifetime, CancellationToken cancellationToken) =>
        inner.CreateDownloadLinkAsync(artifact, lifetime, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();

    private async Task<T> SeeAsync<T>(string operation, string key, Func<Task<T>> access)
    {
        using var span = telemetry.Begin($"store {operation}");
        span?.SetTag("intrada.key", key);
        var begin = time.GetTimestamp();
        var outcome = "ok";
        try
        {
            return await access().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // What is not there is an answer, not a fault of the store.
            outcome = e is ArtifactNotFoundException ? "not_found" : e is OperationCanceledException ? "cancelled" : "failed";
            span?.SetStatus(outcome == "failed" ? ActivityStatusCode.Error : ActivityStatusCode.Unset, e.Message);
            throw;
        }
        finally
        {
            telemetry.RecordStore(operation, outcome, time.GetElapsedTime(begin));
        }
    }
}

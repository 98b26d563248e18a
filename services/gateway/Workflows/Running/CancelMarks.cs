using IntraDA.Artifacts.Store;

namespace IntraDA.Gateway.Workflows.Running;

/// <summary>Notes in the store by which a user's wish to stop a workflow reaches the gateway that drives it.</summary>
internal sealed class CancelMarks(IArtifactStore store)
{
    public async Task SetAsync(string id, CancellationToken cancellationToken) =>
        await store.TryCreateAsync(KeyOf(id), "{}"u8.ToArray(), "application/json", cancellationToken).ConfigureAwait(false);

    public async Task<bool> IsSetAsync(string id, CancellationToken cancellationToken) =>
        await store.GetSizeAsync(KeyOf(id), cancellationToken).ConfigureAwait(false) is not null;

    public Task ClearAsync(string id, CancellationToken cancellationToken) => store.DeleteAsync(KeyOf(id), cancellationToken);

    private static string KeyOf(string id) => $"workflows/{id}/cancel.json";
}

using System.Collections.Concurrent;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>The workflows in the store.</summary>
internal sealed class WorkflowRepository(IArtifactStore store, TimeProvider time)
{
    private const string IndexPrefix = "index/workflows/";
    private const string ActivePrefix = "index/active/";
    private const int MaxRecordBytes = 4 << 20;
    private const int MaxCached = 2000;

    // Between the mark of a workflow and the workflow itself lie a few calls to the store; one that is away may make them long.
    private static readonly TimeSpan CreationLimit = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, WorkflowLog> _logs = new(StringComparer.Ordinal);

    /// <summary>Stores a new workflow; nothing happens where it is there already.</summary>
    public async Task<WorkflowLog> CreateAsync(WorkflowRecord record, CancellationToken cancellationToken)
    {
        // Index entries without a workflow are passed over; a workflow without them would be lost.
        await PutMarkAsync(IndexPrefix + WorkflowIds.InvertOrder(record.Id), cancellationToken).ConfigureAwait(false);
        await MarkActiveAsync(record.Id, cancellationToken).ConfigureAwait(false);
        await store
            .TryCreateAsync(SpecOf(record.Id), record.Serialize(), "application/json", cancellationToken)
            .ConfigureAwait(false);
        // A repeated request may bring an id so old that a look of any gateway took the mark for an orphan a moment ago.
        await MarkActiveAsync(record.Id, cancellationToken).ConfigureAwait(false);
        return await GetAsync(record.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A workflow with all its events.</summary>
    /// <exception cref="ServiceException">INVALID_ARGUMENT or NOT_FOUND.</exception>
    public async Task<WorkflowLog> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!WorkflowIds.IsId(id))
        {
            throw ServiceException.InvalidArgument("workflow_id", $"'{id}' is not the id of a workflow.");
        }

        return await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw ServiceException.NotFound("workflow", id);
    }

    /// <summary>A workflow with all its events, or null.</summary>
    public async Task<WorkflowLog?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!_logs.TryGetValue(id, out var log))
        {
            try
            {
                var bytes = await store
                    .ReadBytesAsync(new Artifact { Key = SpecOf(id) }, MaxRecordBytes, cancellationToken)
                    .ConfigureAwait(false);
                if (_logs.Count >= MaxCached)
                {
                    Trim();
                }

                // All callers must share one log: its numbering is what keeps appends apart.
                log = _logs.GetOrAdd(id, new WorkflowLog(WorkflowRecord.Parse(bytes, SpecOf(id)), store, time));
            }
            catch (ArtifactNotFoundException)
            {
                return null;
            }
        }

        await log.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return log;
    }

    /// <summary>Ids, newest first, after the given index position.</summary>
    public async IAsyncEnumerable<(string Id, string Position)> ListAsync(
        string after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var key in store.ListAsync(IndexPrefix, cancellationToken).ConfigureAwait(false))
        {
            var position = key[IndexPrefix.Length..];
            if (string.CompareOrdinal(position, after) > 0)
            {
                yield return (WorkflowIds.FromInverted(position), position);
            }
        }
    }

    /// <summary>Ids of workflows that may have to be driven on.</summary>
    public async IAsyncEnumerable<string> ListActiveAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var key in store.ListAsync(ActivePrefix, cancellationToken).ConfigureAwait(false))
        {
            yield return key[ActivePrefix.Length..];
        }
    }

    /// <summary>Takes away the mark of a workflow that was never created; one that may just be being created keeps it.</summary>
    /// <returns>Whether there was nothing to drive on.</returns>
    public async Task<bool> UnmarkOrphanAsync(string id, CancellationToken cancellationToken)
    {
        if (_logs.ContainsKey(id)
            || (WorkflowIds.IsId(id) && time.GetUtcNow() - WorkflowIds.TimeOf(id) < CreationLimit)
            || await store.GetSizeAsync(SpecOf(id), cancellationToken).ConfigureAwait(false) is not null)
        {
            return false;
        }

        await UnmarkActiveAsync(id, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public Task MarkActiveAsync(string id, CancellationToken cancellationToken) => PutMarkAsync(ActivePrefix + id, cancellationToken);

    public Task UnmarkActiveAsync(string id, CancellationToken cancellationToken) => store.DeleteAsync(ActivePrefix + id, cancellationToken);

    private static string SpecOf(string id) => $"workflows/{id}/spec.json";

    private async Task PutMarkAsync(string key, CancellationToken cancellationToken) =>
        await store.TryCreateAsync(key, "{}"u8.ToArray(), "application/json", cancellationToken).ConfigureAwait(false);

    // Only workflows at rest: one that is being driven or watched must keep its log.
    private void Trim()
    {
        foreach (var (id, log) in _logs.Where(pair => WorkflowFold.IsFinal(pair.Value.Workflow.State)).Take(MaxCached / 2).ToList())
        {
            _logs.TryRemove(new(id, log));
        }
    }
}

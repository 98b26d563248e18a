using System.Globalization;
using System.Text.Json;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>The right to drive a workflow. Each take-over creates the next epoch's object, which only one gateway can.</summary>
internal sealed class WorkflowLease
{
    private const int MaxBytes = 64 << 10;

    private readonly IArtifactStore _store;
    private readonly TimeProvider _time;
    private readonly GatewayProcess _process;
    private readonly string _id;
    private readonly long _epoch;
    private readonly TimeSpan _duration;

    private WorkflowLease(
        IArtifactStore store, TimeProvider time, GatewayProcess process, string id, long epoch, TimeSpan duration) =>
        (_store, _time, _process, _id, _epoch, _duration) = (store, time, process, id, epoch, duration);

    /// <summary>Takes the lease where it is free.</summary>
    /// <returns>The lease; null where another gateway holds it, or was faster.</returns>
    public static async Task<WorkflowLease?> TryAcquireAsync(
        IArtifactStore store,
        TimeProvider time,
        GatewayProcess process,
        string id,
        TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var (epoch, current) = await ReadAsync(store, id, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if (current is not null && !GatewayProcess.IsFree(current, now))
        {
            return null;
        }

        var bytes = process.LeaseUntil(now + duration).Serialize();
        var created = await store
            .TryCreateAsync(KeyOf(id, epoch + 1), bytes, "application/json", cancellationToken)
            .ConfigureAwait(false);
        if (created is null)
        {
            return null;
        }

        if (epoch > 0)
        {
            await store.DeleteAsync(KeyOf(id, epoch), cancellationToken).ConfigureAwait(false);
        }

        return new(store, time, process, id, epoch + 1, duration);
    }

    /// <summary>Whether a gateway that is alive holds the lease.</summary>
    public static async Task<bool> IsHeldAsync(IArtifactStore store, TimeProvider time, string id, CancellationToken cancellationToken)
    {
        var (_, current) = await ReadAsync(store, id, cancellationToken).ConfigureAwait(false);
        return current is not null && !GatewayProcess.IsFree(current, time.GetUtcNow());
    }

    /// <summary>Holds on for another while.</summary>
    /// <exception cref="OwnershipLostException">Another gateway has taken over.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        // The last one: of two take-overs, the second has tidied the first away.
        if (await LastAsync(_store, _id, cancellationToken).ConfigureAwait(false) > _epoch)
        {
            throw new OwnershipLostException(_id);
        }

        await WriteAsync(_time.GetUtcNow() + _duration, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets go: any gateway may take over at once.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) => WriteAsync(DateTimeOffset.UnixEpoch, cancellationToken);

    private static string KeyOf(string id, long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"workflows/{id}/lease/{epoch:d8}.json");

    private static async Task<(long Epoch, LeaseDocument? Lease)> ReadAsync(
        IArtifactStore store, string id, CancellationToken cancellationToken)
    {
        var epoch = await LastAsync(store, id, cancellationToken).ConfigureAwait(false);
        if (epoch == 0)
        {
            return (0, null);
        }

        try
        {
            var bytes = await store
                .ReadBytesAsync(new Artifact { Key = KeyOf(id, epoch) }, MaxBytes, cancellationToken).ConfigureAwait(false);
            return (epoch, LeaseDocument.Parse(bytes));
        }
        catch (ArtifactNotFoundException)
        {
            // Taken over, and tidied away, between the two calls.
            return (epoch, null);
        }
        catch (Exception e) when (e is ArtifactDamagedException or JsonException)
        {
            // It says nothing of its holder, who writes it anew where he is alive; who may append, the log itself decides.
            return (epoch, null);
        }
    }

    private static async Task<long> LastAsync(IArtifactStore store, string id, CancellationToken cancellationToken)
    {
        var last = 0L;
        await foreach (var key in store.ListAsync($"workflows/{id}/lease/", cancellationToken).ConfigureAwait(false))
        {
            last = long.Parse(key[(key.LastIndexOf('/') + 1)..^".json".Length], CultureInfo.InvariantCulture);
        }

        return last;
    }

    private async Task WriteAsync(DateTimeOffset expires, CancellationToken cancellationToken) =>
        await _store
            .PutBytesAsync(KeyOf(_id, _epoch), _process.LeaseUntil(expires).Serialize(), "application/json", cancellationToken)
            .ConfigureAwait(false);
}

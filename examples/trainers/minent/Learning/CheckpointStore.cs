using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using MinEntTrainer.Service;
using MinEntTrainer.Store;

namespace MinEntTrainer.Learning;

/// <summary>The checkpoints of one job; the last one counts.</summary>
/// <param name="store">The store.</param>
/// <param name="prefix">The job's prefix.</param>
internal sealed class CheckpointStore(IStore store, string prefix)
{
    private const string JsonType = "application/json";

    private string ManifestKey => $"{prefix}/checkpoint.json";

    /// <summary>The last checkpoint.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its manifest; null where there is none.</returns>
    /// <exception cref="Refusal">FAILED_PRECONDITION <c>CHECKPOINT_FORMAT</c>: another version wrote it in another form.</exception>
    public async Task<Checkpoint?> FindAsync(CancellationToken cancellationToken)
    {
        if (await store.FindAsync(ManifestKey, cancellationToken) is not { } bytes)
        {
            return null;
        }

        var checkpoint = JsonSerializer.Deserialize<Checkpoint>(bytes)!;
        return checkpoint.Format == Identity.CheckpointFormat
            ? checkpoint
            : throw new Refusal(
                StatusCode.FailedPrecondition,
                "CHECKPOINT_FORMAT",
                $"The job's checkpoint has format '{checkpoint.Format}', this trainer goes on from '{Identity.CheckpointFormat}' only; pin a trainer that knows it.");
    }

    /// <summary>Keeps a session's state, and lets the former one go.</summary>
    /// <param name="session">The session.</param>
    /// <param name="curves">Its loss terms.</param>
    /// <param name="seconds">Seconds of training so far.</param>
    /// <param name="cancellationToken">Cancels; the former checkpoint counts then.</param>
    /// <returns>A task that ends when the checkpoint counts.</returns>
    public async Task SaveAsync(Session session, Curves curves, double seconds, CancellationToken cancellationToken)
    {
        var former = await FindAsync(cancellationToken);
        var key = string.Create(CultureInfo.InvariantCulture, $"{prefix}/checkpoints/{session.Iteration:D8}");
        var state = await store.PutAsync(
            $"{key}.safetensors", Safetensors.Write(session.State(), new Dictionary<string, string>()), Safetensors.MediaType, cancellationToken);
        var lines = await store.PutAsync($"{key}.jsonl", curves.Write(), Curves.MediaType, cancellationToken);
        var manifest = new Checkpoint(Identity.CheckpointFormat, session.Iteration, seconds, CheckpointPart.Of(state), CheckpointPart.Of(lines));
        await store.PutAsync(ManifestKey, JsonSerializer.SerializeToUtf8Bytes(manifest), JsonType, cancellationToken);
        if (former is not null && former.Iteration != session.Iteration)
        {
            await store.DeleteAsync(former.State.Key, cancellationToken);
            await store.DeleteAsync(former.Curves.Key, cancellationToken);
        }
    }

    /// <summary>Puts a checkpoint's state into a session.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="session">Receives the state.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The loss terms so far.</returns>
    public async Task<Curves> RestoreAsync(Checkpoint checkpoint, Session session, CancellationToken cancellationToken)
    {
        var curves = Curves.Read(await store.ReadAsync(checkpoint.Curves.ToArtifact(), cancellationToken));
        session.Restore(Safetensors.Read(await store.ReadAsync(checkpoint.State.ToArtifact(), cancellationToken)).Tensors, checkpoint.Iteration);
        return curves;
    }

    /// <summary>Lets all go, once the result is on record.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with it.</returns>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync(ManifestKey, cancellationToken);
        foreach (var key in await store.ListAsync($"{prefix}/checkpoints/", cancellationToken))
        {
            await store.DeleteAsync(key, cancellationToken);
        }
    }
}

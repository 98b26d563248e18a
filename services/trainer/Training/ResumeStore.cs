using System.Globalization;
using System.Text.Json;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Safetensors;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Learning.Checkpoints;
using IntraDA.Trainer.Adaptation;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Training;

/// <summary>Writes and reads the resumable checkpoints of one job.</summary>
/// <param name="store">The store.</param>
/// <param name="prefix">The job's prefix.</param>
/// <param name="format">Identity of what is written; what has another is not gone on from.</param>
public sealed class ResumeStore(IArtifactStore store, string prefix, string format)
{
    /// <summary>Identity of what this version of the code writes.</summary>
    public const string CurrentFormat = "intrada.training/1";

    private const int MaxManifestBytes = 1 << 20;

    private string ManifestKey => ArtifactKey.Combine(prefix, "checkpoint.json");

    /// <summary>Writes a checkpoint; the former one is removed afterwards.</summary>
    /// <param name="state">What to save.</param>
    /// <param name="curves">Loss curves so far.</param>
    /// <param name="seconds">Seconds of training so far.</param>
    /// <param name="best">The best snapshot so far.</param>
    /// <param name="cancellationToken">Cancels; the former checkpoint stays then.</param>
    /// <returns>A task that ends when the checkpoint counts.</returns>
    public async Task SaveAsync(
        StepState state, LossCurves curves, double seconds, BestSnapshot? best, CancellationToken cancellationToken)
    {
        var former = await FindReplacedAsync(cancellationToken).ConfigureAwait(false);
        var iteration = (int)state.Counters["iteration"];
        var entries = state.Tensors.Select(t => TensorBytes.ToEntry(t.Key, t.Value)).ToArray();
        var metadata = state.Counters.ToDictionary(c => c.Key, c => c.Value.ToString(CultureInfo.InvariantCulture));
        var tensors = await store.PutWrittenAsync(
            ArtifactKey.Combine(prefix, $"checkpoints/{iteration:D8}.safetensors"),
            SafetensorsReader.MediaType,
            (stream, token) => SafetensorsWriter.WriteAsync(stream, entries, metadata, token),
            cancellationToken).ConfigureAwait(false);
        var lines = await store.PutBytesAsync(
            ArtifactKey.Combine(prefix, $"checkpoints/{iteration:D8}.jsonl"), curves.ToJsonLines(), LossCurves.MediaType, cancellationToken)
            .ConfigureAwait(false);
        var point = new ResumePoint(format, iteration, StoredArtifact.From(tensors), StoredArtifact.From(lines), seconds, best);
        await store.PutBytesAsync(ManifestKey, JsonSerializer.SerializeToUtf8Bytes(point), "application/json", cancellationToken)
            .ConfigureAwait(false);
        if (former is not null && former.Iteration != iteration)
        {
            await RemoveAsync(former, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The last checkpoint.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its manifest, or null where there is none.</returns>
    /// <exception cref="ArtifactDamagedException">The manifest is damaged.</exception>
    public async Task<ResumePoint?> FindAsync(CancellationToken cancellationToken)
    {
        if (await store.GetSizeAsync(ManifestKey, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        var bytes = await store.ReadBytesAsync(new Artifact { Key = ManifestKey }, MaxManifestBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<ResumePoint>(bytes) is { State: { } state, Curves: { } curves } point
                && ArtifactKey.IsValid(state.Key)
                && ArtifactKey.IsValid(curves.Key)
                ? point
                : throw new ArtifactDamagedException(ManifestKey, "it names no state or no curves.");
        }
        catch (JsonException)
        {
            throw new ArtifactDamagedException(ManifestKey, "it is no JSON document.");
        }
    }

    /// <summary>The last checkpoint, where this trainer may go on from it.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its manifest, or null where there is none.</returns>
    /// <exception cref="ServiceException">FAILED_PRECONDITION: it has another format.</exception>
    /// <exception cref="ArtifactDamagedException">The manifest is damaged.</exception>
    public async Task<ResumePoint?> FindReadableAsync(CancellationToken cancellationToken)
    {
        var point = await FindAsync(cancellationToken).ConfigureAwait(false);
        return point is null || point.Format == format
            ? point
            : throw ServiceException.FailedPrecondition(
                "CHECKPOINT_FORMAT",
                $"The job's checkpoint has format '{point.Format}', this trainer goes on from '{format}' only; "
                + "pin a trainer that knows it, or start the stage anew with the cache skipped.");
    }

    /// <summary>Puts a checkpoint's state into a session.</summary>
    /// <param name="point">The checkpoint.</param>
    /// <param name="session">Receives the state.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The loss curves so far.</returns>
    /// <exception cref="ArtifactDamagedException">It is damaged; the session is as it was.</exception>
    /// <exception cref="ArtifactNotFoundException">Part of it is gone; the session is as it was.</exception>
    public async Task<LossCurves> RestoreAsync(ResumePoint point, TrainingSession session, CancellationToken cancellationToken)
    {
        // All is read, and verified, before the session is touched.
        var curves = LossCurves.Parse(
            await store.ReadBytesAsync(point.Curves.ToArtifact(), LossCurves.MaxBytes, cancellationToken).ConfigureAwait(false));
        var stream = await store.OpenReadAsync(point.State.ToArtifact(), cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = await SafetensorsReader.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
            using var scope = NewDisposeScope();
            session.RestoreState(new StepState(
                reader.Tensors.ToDictionary(t => t.Name, t => TensorBytes.Read(reader, t)),
                reader.Metadata.ToDictionary(m => m.Key, m => long.Parse(m.Value, CultureInfo.InvariantCulture))));
        }

        return curves;
    }

    /// <summary>Removes all checkpoints, once the result has been stored; also what a crash between two writes has left.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends with the removal.</returns>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync(ManifestKey, cancellationToken).ConfigureAwait(false);
        await foreach (var key in store.ListAsync($"{prefix}/checkpoints/", cancellationToken).ConfigureAwait(false))
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    // A manifest that is damaged is in nobody's way: it is about to be replaced, and what it named goes when the result is stored.
    private async Task<ResumePoint?> FindReplacedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactDamagedException)
        {
            return null;
        }
    }

    private async Task RemoveAsync(ResumePoint point, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(point.State.Key, cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(point.Curves.Key, cancellationToken).ConfigureAwait(false);
    }
}

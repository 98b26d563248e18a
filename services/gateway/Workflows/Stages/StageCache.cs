using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Finished stages by key, whichever workflow finished them: a manifest each, written after everything it names.</summary>
internal sealed class StageCache(IArtifactStore store, StepRetry retry)
{
    private const int MaxManifestBytes = 1 << 20;

    private readonly KeyedLocks _locks = new();

    /// <summary>Lets one caller of this process at a time work on a key.</summary>
    public Task<IDisposable> LockAsync(string key, CancellationToken cancellationToken) => _locks.EnterAsync(key, cancellationToken);

    /// <summary>The finished stage of a key with all its outputs in the store; null where there is none.</summary>
    public Task<Stage?> FindAsync(StageKind kind, string key, CancellationToken cancellationToken) => retry.RunAsync(
        "looking for a finished stage", (_, token) => TryFindAsync(kind, key, token), cancellationToken);

    /// <summary>Makes a stage reusable.</summary>
    public Task SaveAsync(Stage stage, CancellationToken cancellationToken) => retry.RunAsync(
        "recording a finished stage",
        token => store.PutBytesAsync(ManifestOf(stage.Kind, stage.Key), ProtoJson.FormatBytes(stage), "application/json", token),
        cancellationToken);

    private static string ManifestOf(StageKind kind, string key) => $"{StageKey.PrefixOf(kind, key)}/manifest.json";

    private async Task<Stage?> TryFindAsync(StageKind kind, string key, CancellationToken cancellationToken)
    {
        Stage stage;
        try
        {
            var bytes = await store
                .ReadBytesAsync(new Artifact { Key = ManifestOf(kind, key) }, MaxManifestBytes, cancellationToken)
                .ConfigureAwait(false);
            stage = ProtoJson.Parse<Stage>(bytes);
        }
        catch (ArtifactNotFoundException)
        {
            return null;
        }

        foreach (var output in stage.Outputs.Values)
        {
            if (await store.GetSizeAsync(output.Key, cancellationToken).ConfigureAwait(false) != output.SizeBytes)
            {
                return null;
            }
        }

        return stage;
    }
}

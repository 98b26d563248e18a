using Google.Protobuf;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Small documents that stages leave for later ones.</summary>
internal sealed class StageFiles(IArtifactStore store, StepRetry retry)
{
    private const int MaxBytes = 64 << 20;

    public Task<Artifact> PutAsync(string prefix, string name, IMessage message, CancellationToken cancellationToken) =>
        retry.RunAsync(
            $"storing {name}",
            (_, token) => store.PutBytesAsync($"{prefix}/{name}.json", ProtoJson.FormatBytes(message), "application/json", token),
            cancellationToken);

    public async Task<T> ReadAsync<T>(Artifact artifact, CancellationToken cancellationToken)
        where T : IMessage, new() =>
        ProtoJson.Parse<T>(await store.ReadBytesAsync(artifact, MaxBytes, cancellationToken).ConfigureAwait(false));
}

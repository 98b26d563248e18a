using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>Which request id made which workflow, so that a repeated request makes no second one.</summary>
internal sealed class RequestLedger(IArtifactStore store)
{
    private const int MaxBytes = 64 << 10;

    public static bool IsRequestId(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>The workflow id that a request stands for: the proposed one, or the one of the same request before.</summary>
    /// <exception cref="ServiceException">ALREADY_EXISTS: the id was used for another spec.</exception>
    public async Task<string> ClaimAsync(string requestId, WorkflowSpec spec, string proposedId, CancellationToken cancellationToken)
    {
        var entry = new LedgerEntry(proposedId, DigestOf(spec));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(entry, LedgerJson.Default.LedgerEntry);
        if (await store.TryCreateAsync(KeyOf(requestId), bytes, "application/json", cancellationToken).ConfigureAwait(false) is not null)
        {
            return proposedId;
        }

        return await FindAsync(requestId, spec, cancellationToken).ConfigureAwait(false) ?? proposedId;
    }

    /// <summary>The workflow id of an earlier request; null where there was none.</summary>
    /// <exception cref="ServiceException">ALREADY_EXISTS: the id was used for another spec.</exception>
    public async Task<string?> FindAsync(string requestId, WorkflowSpec spec, CancellationToken cancellationToken)
    {
        byte[] there;
        try
        {
            there = await store.ReadBytesAsync(new Artifact { Key = KeyOf(requestId) }, MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactNotFoundException)
        {
            return null;
        }

        var earlier = JsonSerializer.Deserialize(there, LedgerJson.Default.LedgerEntry)!;
        return earlier.SpecDigest == DigestOf(spec)
            ? earlier.WorkflowId
            : throw new ServiceException(
                StatusCode.AlreadyExists,
                "REQUEST_ID_IN_USE",
                $"The request id '{requestId}' created {earlier.WorkflowId} with another spec; use a new id.");
    }

    private static string KeyOf(string requestId) => $"requests/{requestId}.json";

    private static string DigestOf(WorkflowSpec spec) => Convert.ToHexStringLower(SHA256.HashData(spec.ToByteArray()));
}

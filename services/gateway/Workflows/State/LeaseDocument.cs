using System.Text.Json;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>Who drives a workflow, and until when.</summary>
/// <param name="Owner">Identity of one gateway in one process.</param>
/// <param name="Machine">Name of its machine.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="ProcessStart">When that process began: ids are used again.</param>
/// <param name="Expires">When others may take over.</param>
internal sealed record LeaseDocument(string Owner, string Machine, int ProcessId, DateTimeOffset ProcessStart, DateTimeOffset Expires)
{
    /// <exception cref="JsonException">The bytes are no lease.</exception>
    public static LeaseDocument Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, LeaseJson.Default.LeaseDocument) ?? throw new JsonException("a lease is not null");

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, LeaseJson.Default.LeaseDocument);
}

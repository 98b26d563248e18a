using System.Text.Json.Serialization;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>JSON form of an entry.</summary>
[JsonSerializable(typeof(LedgerEntry))]
internal sealed partial class LedgerJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace IntraDA.Gateway.Workflows.State;

/// <summary>JSON form of a lease.</summary>
[JsonSerializable(typeof(LeaseDocument))]
internal sealed partial class LeaseJson : JsonSerializerContext;

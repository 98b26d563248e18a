using System.Text.Json.Serialization;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Quotes strings.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace IntraDA.Standalone;

/// <summary>One line of JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ServiceLocations))]
internal sealed partial class LocationsJson : JsonSerializerContext;
